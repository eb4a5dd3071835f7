using System.IO.Compression;
using System.Net.Http.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The draw's states, in their order and in no other (R17-R19).</summary>
public sealed class CeremonyTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    static readonly object Commitment = new { name = "Auditor 0", commitment = Stage.Sha256(Stage.Secrets[0]) };
    static readonly object Custodians = new { randomness = "custodians" };

    [Fact]
    public async Task Each_act_is_refused_out_of_its_turn()
    {
        var stage = new Stage(fixture.Service);
        await stage.PublishPeriod();
        await stage.State("Collecting");
        await Refused(stage, "commit", "reveals", "run", "publish");
        await stage.Freeze();
        await Refused(stage, "commit", "reveals", "run", "publish"); // no custodian has committed
        await stage.Commit();
        await Refused(stage, "commitments", "commit", "run", "publish"); // nobody has revealed
        await stage.Reveal();
        await Refused(stage, "commitments", "commit", "publish");
        await Stage.Ok(stage.Act("office", "office", "run"));
        await Refused(stage, "commitments", "commit");
        await Stage.Ok(stage.Act("office", "office", "publish"));
        await Refused(stage, "commitments", "commit", "run");
    }

    [Fact]
    public async Task The_problem_says_what_is_missing_in_the_callers_language()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await Stage.Ok(stage.Act("auditor", "auditor-0", "reveals", new { name = "Auditor 0", reveal = Stage.Secrets[0] }));
        Assert.Equal("Still to reveal: Auditor 1.", (await Stage.Refused(409, stage.Act("office", "office", "run", language: "en"))).GetProperty("detail").GetString());
        Assert.Contains("Auditor 1", (await Stage.Refused(409, stage.Act("office", "office", "run"))).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Acts_are_for_their_roles_alone()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        foreach (var act in new[] { "commit", "run", "publish" })
        {
            Assert.Equal(403, (int)(await stage.Act("auditor", "a", act, Custodians)).StatusCode);
        }
        foreach (var act in new[] { "commitments", "reveals" })
        {
            Assert.Equal(403, (int)(await stage.Act("office", "o", act, Commitment)).StatusCode);
            Assert.Equal(401, (int)(await fixture.Service.Anyone().PostAsJsonAsync($"/api/draws/{stage.Period}/{act}", Commitment, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Fact]
    public async Task A_custodian_is_one_account_one_name_and_one_secret() // R18
    {
        var stage = await new Stage(fixture.Service).Freeze();
        await Stage.Refused(422, stage.Act("auditor", "a", "commitments", new { name = "A", commitment = "ABC" }));
        await Stage.Refused(422, stage.Act("auditor", "a", "commitments", new { name = "A", commitment = new string('A', 64) }));
        await Stage.Refused(422, stage.Act("auditor", "a", "commitments", new { name = " ", commitment = new string('a', 64) }));
        await Stage.Ok(stage.Act("auditor", "a", "commitments", Commitment));
        await Stage.Ok(stage.Act("auditor", "a", "commitments", Commitment));
        await Stage.Refused(409, stage.Act("auditor", "b", "commitments", Commitment));
        await Stage.Refused(409, stage.Act("auditor", "b", "commitments", new { name = "B", commitment = Stage.Sha256(Stage.Secrets[0]) }));
        await Stage.Refused(409, stage.Act("auditor", "a", "commitments", new { name = "B", commitment = Stage.Sha256("x") }));
        await Stage.Refused(409, stage.Act("office", "office", "commit", Custodians)); // one is too few
        await Stage.Ok(stage.Act("auditor", "b", "commitments", new { name = "B", commitment = Stage.Sha256("b") }));
        await Stage.Refused(422, stage.Act("office", "office", "commit", new { randomness = "drand", round = 1 }));
        await Stage.Ok(stage.Act("office", "office", "commit", Custodians));
        await Stage.Refused(422, stage.Act("auditor", "a", "reveals", new { name = "Auditor 0", reveal = "another" }));
        await Stage.Refused(403, stage.Act("auditor", "b", "reveals", new { name = "Auditor 0", reveal = Stage.Secrets[0] }));
        await Stage.Refused(403, stage.Act("auditor", "c", "reveals", new { name = "Auditor 0", reveal = Stage.Secrets[0] }));
    }

    [Fact]
    public async Task Nothing_of_the_outcome_is_public_before_the_publication()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await stage.Reveal();
        await Stage.Ok(stage.Act("office", "office", "run"));
        foreach (var path in new[] { "/results.txt", "/draw.json", "/bundle.zip", $"/tickets/{stage.Applications[1].Ticket}", "/programmes/P-1", "/programmes" })
        {
            Assert.Equal("urn:epimorfosi:problem:draw-not-published", (await Stage.Refused(409, stage.Get(path))).GetProperty("type").GetString());
        }
        foreach (var path in new[] { "", "/log.txt" })
        {
            await Stage.Refused(409, fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}{path}", UriKind.Relative)));
        }
        var draw = await stage.Draw();
        Assert.Equal("Drawn", draw.GetProperty("state").GetString());
        Assert.True(draw.GetProperty("seed").ValueKind == System.Text.Json.JsonValueKind.Null && draw.GetProperty("randomness").ValueKind == System.Text.Json.JsonValueKind.Null);
        Assert.DoesNotContain(Stage.Secrets[0], draw.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Service.Bus.Heard<OutcomesDecided>(), outcomes => outcomes.Period == stage.Period);
    }

    [Fact]
    public async Task Two_replicas_told_to_run_and_publish_at_once_do_so_once()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await stage.Reveal();
        await using var other = await fixture.Service.Again();
        foreach (var act in new[] { "run", "publish" })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
                (i % 2 == 0 ? fixture.Service : other).As("office").PostAsync(new Uri($"/api/draws/{stage.Period}/{act}", UriKind.Relative), null)));
            Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
            Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        }
        await fixture.Service.Bus.Next<ResultsPublished>(results => results.Period == stage.Period);
        var inDraw = stage.Applications.Count(a => !a.Withdrawn);
        Assert.Equal(Enumerable.Range(1, inDraw), (await stage.Told(inDraw)).Select(outcome => outcome.Place).Order());
        Assert.Single(fixture.Service.Bus.Heard<ResultsPublished>(), results => results.Period == stage.Period);
    }

    [Fact]
    public async Task The_bundle_holds_the_four_files_and_agrees_with_what_each_ticket_is_told()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var bytes = await (await stage.Get("/bundle.zip")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(bytes, await (await stage.Get("/bundle.zip")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await using var zip = new ZipArchive(new MemoryStream(bytes));
        var files = zip.Entries.ToDictionary(entry => entry.Name, entry => new StreamReader(entry.Open()).ReadToEnd());
        Assert.Equal(["applications.txt", "programmes.txt", "draw.json", "results.txt"], files.Keys);
        foreach (var (name, text) in files)
        {
            Assert.Equal(text, await (await stage.Get($"/{name}")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        Assert.Equal(stage.ApplicationsTxt, files["applications.txt"]);
        var seed = Convert.FromHexString(System.Text.Json.JsonDocument.Parse(files["draw.json"]).RootElement.GetProperty("seed").GetString()!);
        var expected = NaiveDraw.Run(new([.. stage.Programmes.Select(p => new Draws.DrawProgramme(p.Code, p.Minimum, p.Maximum))],
            [.. stage.Applications.Where(a => !a.Withdrawn).Select(a => (a.Ticket, a.Preferences.ToArray()))], seed));
        Assert.Equal(expected.Select((r, i) => $"{i + 1}|{r.Ticket}|{r.Programme ?? "-"}|{r.Rank}"), files["results.txt"].Split('\n')[1..^1]);
        await fixture.Service.Bus.Next<ResultsPublished>(results => results.Period == stage.Period);
        foreach (var outcome in await stage.Told(expected.Count))
        {
            var ticket = await Stage.Ok(stage.Get($"/tickets/{outcome.Ticket}"));
            Assert.Equal((outcome.Place, outcome.Programme, outcome.Rank, outcome.Provisional), (ticket.GetProperty("place").GetInt32(), ticket.GetProperty("programme").GetString(),
                ticket.GetProperty("rank").GetInt32(), ticket.GetProperty("provisional").GetBoolean()));
            Assert.Equal(outcome.Choices, ticket.GetProperty("choices").EnumerateArray().Select(choice => new ChoiceOutcome(choice.GetProperty("programme").GetString()!,
                Number(choice.GetProperty("cutOff")), Number(choice.GetProperty("runnerUp")), Number(choice.GetProperty("members")), Number(choice.GetProperty("runnersUp")))));
        }
        await Stage.Refused(404, stage.Get("/tickets/NOBODY"));
        await Stage.Refused(404, stage.Get("/programmes/NOTHING"));
        await Stage.Refused(404, fixture.Service.Anyone().GetAsync(new Uri("/api/draws/NO-PERIOD", UriKind.Relative)));
    }

    [Fact]
    public async Task The_commit_waits_for_the_end_of_the_objections() // R18
    {
        var clock = new FakeTimeProvider(new(2023, 1, 21, 0, 0, 0, TimeSpan.Zero));
        await using var service = await ServiceUnderTest<Program>.Start(clock);
        var stage = await new Stage(service).Freeze(objectionHours: 24);
        await Stage.Ok(stage.Act("auditor", "a", "commitments", new { name = "A", commitment = Stage.Sha256("a") }));
        await Stage.Ok(stage.Act("auditor", "b", "commitments", new { name = "B", commitment = Stage.Sha256("b") }));
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Contains("22", (await Stage.Refused(409, stage.Act("office", "office", "commit", Custodians))).GetProperty("detail").GetString());
        clock.Advance(TimeSpan.FromSeconds(1));
        await Stage.Ok(stage.Act("office", "office", "commit", Custodians));
    }

    static int? Number(System.Text.Json.JsonElement value) => value.ValueKind == System.Text.Json.JsonValueKind.Null ? null : value.GetInt32();

    static async Task Refused(Stage stage, params string[] acts)
    {
        var before = (await stage.Draw()).GetRawText();
        foreach (var act in acts)
        {
            var auditor = act is "commitments" or "reveals";
            var problem = await Stage.Refused(409, stage.Act(auditor ? "auditor" : "office", auditor ? "auditor-9" : "office", act, act switch
            {
                "commitments" => new { name = "Auditor 9", commitment = Stage.Sha256("9") },
                "reveals" => new { name = "Auditor 0", reveal = Stage.Secrets[0] },
                "commit" => Custodians,
                _ => null,
            }));
            Assert.Equal("urn:epimorfosi:problem:draw-out-of-order", problem.GetProperty("type").GetString());
            Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        }
        Assert.Equal(before, (await stage.Draw()).GetRawText());
    }
}
