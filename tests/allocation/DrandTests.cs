using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Allocation.Tests;

/// <summary>A draw by public randomness (R18): the round is named before anybody can know it, and taken as its chain made it or not at all.</summary>
public sealed class DrandTests : IAsyncLifetime
{
    static readonly object Named = new { randomness = "drand", round = Relay.Round };
    readonly FakeTimeProvider clock = new(Relay.Time.AddMinutes(-2));
    Relay first = null!, second = null!;
    ServiceUnderTest<Program> service = null!;

    public async ValueTask InitializeAsync()
    {
        (first, second) = (await Relay.Start(), await Relay.Start());
        service = await ServiceUnderTest<Program>.Start(clock, new Dictionary<string, string>
        {
            ["Drand:Relays:0"] = first.Address,
            ["Drand:Relays:1"] = second.Address,
            ["Drand:Relays:2"] = "http://127.0.0.1:9", // nobody is there
            ["Drand:Patience"] = "00:00:01",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_published_round_gives_the_seed_and_its_signature_goes_into_the_bundle()
    {
        var stage = await new Stage(service).Freeze();
        var committed = await Stage.Ok(stage.Act("office", "office", "commit", Named));
        Assert.Equal(($"drand:{Relay.Chain}:{Relay.Round}", Relay.Time), (committed.GetProperty("source").GetString(), committed.GetProperty("roundAt").GetDateTimeOffset()));
        await Stage.Refused(409, stage.Act("office", "office", "run"));
        Assert.Equal(0, first.Asked + second.Asked); // its time has not come
        clock.SetUtcNow(Relay.Time);
        first.Behaves = Relay.Fail(500);
        await Stage.Ok(stage.Act("office", "office", "run"));
        Assert.True(first.Asked > 1, "a relay that failed is asked again");
        var published = await Stage.Ok(stage.Act("office", "office", "publish"));
        Assert.Equal(Relay.Randomness, published.GetProperty("randomness").GetString());
        var draw = System.Text.Json.JsonDocument.Parse(await (await stage.Get("/draw.json")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal((Relay.Signature, Relay.Randomness, 0), (draw.GetProperty("drand").GetProperty("signature").GetString(), draw.GetProperty("randomness").GetString(), draw.GetProperty("custodians").GetArrayLength()));
        Assert.Equal(Stage.Sha256($"epimorfosi-draw-v1\n{stage.Period}\n{Stage.Sha256(stage.ApplicationsTxt)}\n{Stage.Sha256(stage.ProgrammesTxt)}\ndrand:{Relay.Chain}:{Relay.Round}\n{Relay.Randomness}\n"),
            draw.GetProperty("seed").GetString());
    }

    [Theory]
    [InlineData(Relay.Round - 41)] // before now
    [InlineData(Relay.Round - 21)] // within the minute in which everybody may read the commitment
    public async Task A_round_that_may_be_known_is_refused_and_the_first_that_will_do_is_named(long round)
    {
        var stage = await new Stage(service).Freeze();
        var refusal = await Stage.Refused(422, stage.Act("office", "office", "commit", new { randomness = "drand", round }));
        Assert.Equal("R18", refusal.GetProperty("rule").GetString());
        Assert.Contains($"{Relay.Round - 20}", refusal.GetProperty("detail").GetString());
        Assert.Equal("Frozen", (await stage.Draw()).GetProperty("state").GetString());
        await Stage.Ok(stage.Act("office", "office", "commit", new { randomness = "drand", round = Relay.Round - 20 }));
    }

    [Fact]
    public async Task Nonsense_is_refused_before_anything_is_committed()
    {
        var stage = await new Stage(service).Freeze();
        foreach (var request in new object[] { new { randomness = "drand" }, new { randomness = "drand", round = 0 }, new { randomness = "drand", round = long.MaxValue }, new { randomness = "dice" } })
        {
            await Stage.Refused(422, stage.Act("office", "office", "commit", request));
        }
        Assert.Equal("Frozen", (await stage.Draw()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task No_answer_a_wrong_one_or_two_different_ones_give_no_draw_and_the_next_try_may()
    {
        var stage = await new Stage(service).Freeze();
        await Stage.Ok(stage.Act("office", "office", "commit", Named));
        clock.SetUtcNow(Relay.Time);
        var otherSignature = "aa" + Relay.Signature[2..];
        foreach (var (one, other) in new (Func<Microsoft.AspNetCore.Http.HttpContext, Task>?, Func<Microsoft.AspNetCore.Http.HttpContext, Task>?)[]
        {
            (Relay.Fail(404), Relay.Fail(500)),
            (Relay.Say(Relay.Round, Relay.Signature, new('0', 64)), Relay.Fail(500)), // not the signature's digest
            (Relay.Say(Relay.Round + 1, Relay.Signature, Relay.Randomness), Relay.Fail(500)), // another round
            (Relay.Say(Relay.Round, "", ""), async http => await Task.Delay(3000, http.RequestAborted)),
            (null, Relay.Say(Relay.Round, otherSignature, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Convert.FromHexString(otherSignature))))),
        })
        {
            (first.Behaves, second.Behaves) = (one, other);
            var refusal = await Stage.Refused(503, stage.Act("office", "office", "run"));
            Assert.Equal("urn:epimorfosi:problem:randomness-unavailable", refusal.GetProperty("type").GetString());
            Assert.NotEmpty(refusal.GetProperty("detail").GetString()!);
            Assert.Equal("Committed", (await stage.Draw()).GetProperty("state").GetString());
        }
        (first.Behaves, second.Behaves) = (null, null);
        await Stage.Ok(stage.Act("office", "office", "run"));
    }

    [Fact]
    public async Task Two_replicas_told_to_run_at_once_run_once()
    {
        var stage = await new Stage(service).Freeze();
        await Stage.Ok(stage.Act("office", "office", "commit", Named));
        clock.SetUtcNow(Relay.Time);
        await using var other = await service.Again();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? service : other).As("office").PostAsync(new Uri($"/api/draws/{stage.Period}/run", UriKind.Relative), null)));
        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
    }
}
