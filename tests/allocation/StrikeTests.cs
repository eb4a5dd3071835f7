using System.IO.Compression;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The objection window, a second draw and rehearsals: what the office may do, always with a reason, always in sight (R17, R18, R31).</summary>
public sealed class StrikeTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    static readonly object Because = new { reason = "Δεν κατέχει πιστοποίηση Β1 επιπέδου." };

    [Fact]
    public async Task A_struck_application_is_out_of_the_draw_and_in_sight()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        var (struck, kept) = (stage.Applications[1], stage.Applications[2]);
        var announced = await stage.Draw();
        await Stage.Ok(stage.Act("office", "office", $"strikes/{struck.Ticket}", Because));
        await Stage.Ok(stage.Act("office", "office", $"strikes/{kept.Ticket}", Because));
        await Stage.Ok(stage.Act("office", "office", $"strikes/{kept.Ticket}/restore", new { reason = "Προσκόμισε την πιστοποίηση." }));

        var list = await Text(stage, "/applications.txt");
        var line = Canonical.ApplicationLine(struck.Ticket, struck.Cluster, struck.Preferences);
        Assert.Equal(stage.ApplicationsTxt.Replace(line, "", StringComparison.Ordinal), list);
        Assert.Equal($"epimorfosi-struck-v1 {stage.Period}\n{line}", await Text(stage, "/struck.txt"));
        Assert.Equal(stage.ApplicationsTxt, await Text(stage, "/applications.txt?draw=0")); // as it was announced
        var draw = await stage.Draw();
        Assert.Equal((Stage.Sha256(list), announced.GetProperty("applicationsSha256").GetString(), announced.GetProperty("applications").GetInt32() - 1, 1),
            (draw.GetProperty("applicationsSha256").GetString(), draw.GetProperty("announcedSha256").GetString(), draw.GetProperty("applications").GetInt32(), draw.GetProperty("struck").GetInt32()));
        var log = await Stage.Ok(stage.Get("/strikes"));
        Assert.Equal([(struck.Ticket, true), (kept.Ticket, true), (kept.Ticket, false)],
            log.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("ticket").GetString()!, item.GetProperty("struck").GetBoolean())));
        Assert.All(log.GetProperty("items").EnumerateArray(), item => Assert.NotEmpty(item.GetProperty("reason").GetString()! + item.GetProperty("by").GetString()));
        await Until.True(() => fixture.Service.Bus.Heard<ApplicationStruck>().Count(told => told.Period == stage.Period) == 3, "everybody told");

        await stage.CommitByCustodians();
        await Stage.Refused(409, stage.Act("office", "office", $"strikes/{kept.Ticket}", Because)); // nothing is struck after the commit
        await Stage.Refused(409, stage.Act("office", "office", $"strikes/{struck.Ticket}/restore", Because));
        await stage.Reveal();
        await Stage.Ok(stage.Act("office", "office", "run"));
        await Stage.Ok(stage.Act("office", "office", "publish"));
        Assert.DoesNotContain(struck.Ticket, await Text(stage, "/results.txt"), StringComparison.Ordinal);
        await using var zip = new ZipArchive(await (await stage.Get("/bundle.zip")).Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["applications.txt", "programmes.txt", "draw.json", "results.txt", "struck.txt"], zip.Entries.Select(entry => entry.Name));
        Assert.Contains($"\"announcedSha256\": \"{Stage.Sha256(stage.ApplicationsTxt)}\"", await Text(stage, "/draw.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strike_needs_a_reason_a_list_and_a_ticket_on_it()
    {
        var stage = new Stage(fixture.Service);
        await stage.PublishPeriod();
        await stage.State("Collecting");
        await Stage.Refused(409, stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", Because));
        await stage.Freeze();
        Assert.Equal("R31", (await Stage.Refused(422, stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", new { reason = " " }))).GetProperty("rule").GetString());
        await Stage.Refused(404, stage.Act("office", "office", "strikes/NOBODY", Because));
        await Stage.Refused(404, stage.Act("office", "office", $"strikes/{stage.Applications[0].Ticket}", Because)); // it was withdrawn
        await Stage.Refused(409, stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}/restore", Because));
        await Stage.Ok(stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", Because));
        await Stage.Refused(409, stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", Because));
        Assert.Equal(403, (int)(await stage.Act("auditor", "a", $"strikes/{stage.Applications[2].Ticket}", Because)).StatusCode);
    }

    [Fact]
    public async Task A_silent_custodian_is_named_and_another_draw_stands_beside_the_first()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await Stage.Ok(stage.Act("auditor", "auditor-0", "reveals", new { name = "Auditor 0", reveal = Stage.Secrets[0] }));
        Assert.Contains("Auditor 1", (await Stage.Refused(409, stage.Act("office", "office", "run"))).GetProperty("detail").GetString());
        await Stage.Refused(422, stage.Act("office", "office", "repeat", new { reason = "" }));
        await Stage.Ok(stage.Act("office", "office", "repeat", new { reason = "Ο δεύτερος θεματοφύλακας δεν εμφανίστηκε." }));
        await stage.PublishAgain();
        var (first, second) = ((await stage.Draw()).GetProperty("draws")[0], (await stage.Draw()).GetProperty("draws")[1]);
        Assert.Equal(("Committed", "Published"), (first.GetProperty("state").GetString(), second.GetProperty("state").GetString()));
        Assert.Equal([Stage.Secrets[0], null], first.GetProperty("custodians").EnumerateArray().Select(custodian => custodian.GetProperty("reveal").GetString()));
        Assert.Contains("δεύτερος", second.GetProperty("reason").GetString());
        await Stage.Refused(409, stage.Get("/results.txt?draw=1"));
        await Stage.Refused(404, stage.Get("/results.txt?draw=3"));
        Assert.Equal(await Text(stage, "/results.txt"), await Text(stage, "/results.txt?draw=2"));
    }

    [Fact]
    public async Task A_published_draw_is_repeated_only_before_its_seats_are_given_and_both_stay_public()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var first = await Text(stage, "/results.txt");
        await Stage.Ok(stage.Act("office", "office", "repeat", new { reason = "Δικαστική απόφαση 123/2023." }));
        Assert.Equal(("Frozen", first), ((await stage.Draw()).GetProperty("state").GetString(), await Text(stage, "/results.txt")));
        await Stage.Ok(stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", Because));
        await stage.PublishAgain();
        Assert.Equal((first, stage.ApplicationsTxt), (await Text(stage, "/results.txt?draw=1"), await Text(stage, "/applications.txt?draw=1")));
        Assert.NotEqual(first, await Text(stage, "/results.txt"));
        await fixture.Service.Bus.Next<ResultsPublished>(results => results.Period == stage.Period && results.Draw == 2);
        var seats = (await Stage.Ok(fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}", UriKind.Relative)))).GetProperty("items").EnumerateArray().Sum(seat => seat.GetProperty("members").GetInt32());
        Assert.Equal((await Text(stage, "/results.txt")).Split('\n')[1..^1].Count(line => !line.EndsWith("|0", StringComparison.Ordinal)), seats);
        await fixture.Service.Bus.Publish(new Contracts.Applications.SeatRequestsAccepted(stage.Period, [new(1, 1, Contracts.Applications.SeatRequestKind.Claim, "NEWCOMER", ["P-7"], default)]));
        await Until.True(async () => (await (await fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}/log.txt", UriKind.Relative))).Content.ReadAsStringAsync()).Contains("placed"), "a decision");
        await Stage.Refused(409, stage.Act("office", "office", "repeat", new { reason = "Δικαστική απόφαση 124/2023." }));
    }

    [Fact]
    public async Task No_other_draw_while_the_outcome_of_this_one_is_known_to_somebody_alone()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await stage.Reveal(); // whoever has the reveals can compute the result
        await Stage.Refused(409, stage.Act("office", "office", "repeat", Because));
        await Stage.Ok(stage.Act("office", "office", "run"));
        await Stage.Refused(409, stage.Act("office", "office", "repeat", Because));
        await Stage.Ok(stage.Act("office", "office", "publish"));
        await Stage.Ok(stage.Act("office", "office", "repeat", Because));
    }

    [Fact]
    public async Task A_rehearsal_is_marked_everywhere_and_touches_nothing()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        var before = (await stage.Draw()).GetRawText();
        await Stage.Refused(422, stage.Act("office", "office", "rehearsals", new { text = "" }));
        Assert.Equal(403, (int)(await stage.Act("teacher", "t", "rehearsals", new { text = "Πρόβα" })).StatusCode);
        var frozen = await Stage.Ok(stage.Act("office", "office", "rehearsals", new { text = "Πρόβα 1" }));
        var invented = await Stage.Ok(stage.Act("office", "office", "rehearsals", new { text = "Πρόβα 2", synthetic = 300 }));
        Assert.Equal((stage.Applications.Count(a => !a.Withdrawn), 300), (frozen.GetProperty("applications").GetInt32(), invented.GetProperty("applications").GetInt32()));
        foreach (var number in new[] { 1, 2 })
        {
            var bytes = await fixture.Service.As("auditor").GetByteArrayAsync(new Uri($"/api/draws/{stage.Period}/rehearsals/{number}/bundle.zip", UriKind.Relative), TestContext.Current.CancellationToken);
            await using var zip = new ZipArchive(new MemoryStream(bytes));
            var files = zip.Entries.ToDictionary(entry => entry.Name, entry => new StreamReader(entry.Open()).ReadToEnd());
            Assert.Contains(files, file => file.Key.Contains("REHEARSAL", StringComparison.Ordinal) && file.Value.Contains("ΔΕΝ ΕΙΝΑΙ Η ΚΛΗΡΩΣΗ", StringComparison.Ordinal));
            var draw = System.Text.Json.JsonDocument.Parse(files["draw.json"]).RootElement;
            Assert.Equal(($"rehearsal:Πρόβα {number}", Stage.Sha256($"Πρόβα {number}")), (draw.GetProperty("source").GetString(), draw.GetProperty("randomness").GetString()));
            Assert.Equal(Stage.Sha256(files["applications.txt"]), draw.GetProperty("applicationsSha256").GetString());
            Assert.Equal(Stage.Sha256($"epimorfosi-draw-v1\n{stage.Period}\n{Stage.Sha256(files["applications.txt"])}\n{Stage.Sha256(files["programmes.txt"])}\nrehearsal:Πρόβα {number}\n{Stage.Sha256($"Πρόβα {number}")}\n"), draw.GetProperty("seed").GetString());
        }
        Assert.Equal(before, (await stage.Draw()).GetRawText());
        await Stage.Refused(409, stage.Get("/results.txt"));
    }

    static async Task<string> Text(Stage stage, string path)
    {
        var answer = await stage.Get(path);
        Assert.True(answer.IsSuccessStatusCode, path);
        return await answer.Content.ReadAsStringAsync();
    }
}
