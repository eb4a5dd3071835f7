using System.Net.Http.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class RescueTests : IAsyncLifetime
{
    Scene scene = null!;

    public async ValueTask InitializeAsync() => scene = await Scene.Start();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task It_is_set_off_once_and_only_after_phase_B() // R27
    {
        await Scene.Refused(await Rescue(), 409, "R20");
        await scene.OpenPhaseB();
        await scene.Teacher(1).PostAsJsonAsync($"/api/claims/{Scene.P}", new { preferences = new[] { "A1" } });
        await Scene.Refused(await Rescue(), 409, "R27");
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Closes.AddMilliseconds(999));
        await Scene.Refused(await Rescue(), 409, "R27");
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Closes.AddSeconds(1));
        Assert.Equal(403, (int)(await scene.Teacher(1).PostAsync(Address, null)).StatusCode);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => await Scene.Json(await Rescue())));

        Assert.All(answers, answer => Assert.Equal(2, answer["order"]!.GetValue<long>())); // after the claim
        await Until.True(() => Told().Count == 2, "the claim and the rescue");
        Assert.Equal((2, null, SeatRequestKind.Rescue, "-"), (Told()[1].Order, Told()[1].Sequence, Told()[1].Kind, Told()[1].Ticket));

        await scene.Publish(Scene.Period with { Version = 2, PhaseB = Scene.Period.PhaseB with { Closes = Scene.Period.PhaseB.Closes.AddDays(2) } });
        await Scene.Refused(await scene.Teacher(2).PostAsJsonAsync($"/api/claims/{Scene.P}", new { preferences = new[] { "A1" } }), 409, "R27"); // open again by the calendar, yet over
    }

    [Fact]
    public async Task Whom_it_moves_is_told_why_and_an_offer_that_it_ends_takes_no_seat() // R27
    {
        string[] tickets = [.. await Task.WhenAll(Enumerable.Range(1, 4).Select(async teacher => (await Scene.Json(await scene.Put(teacher, "A1", "B1")))["ticket"]!.GetValue<string>()))];
        await scene.OpenPhaseB([.. tickets.Select(ticket => (ticket, "A1"))]);
        await Decide(
            Line(1, tickets[3], "offered", "B1") with { ExpiresAt = Scene.Noon.AddDays(30) }, Line(2, tickets[0], "rescued", "B1"), Line(3, tickets[1], "cancelled", "A1"),
            Line(4, tickets[2], "overridden", "A1"), Line(5, tickets[3], "cancelled", "B1") with { Rule = "R25" });

        Assert.Equal(("Rescued", "B1"), await StandingOf(1));
        Assert.Equal(("Cancelled", null), await StandingOf(2));
        Assert.Equal(("Kept", "A1"), await StandingOf(3));
        Assert.Equal(("PlacedBelowMinimum", "A1"), await StandingOf(4));
        Assert.Equal("cancelled", (await View(4))["offers"]![0]!["state"]!.GetValue<string>());
        Assert.Contains("B1", (await View(1))["statusText"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    const string Address = $"/api/seats/{Scene.P}/rescue";

    Task<HttpResponseMessage> Rescue() => scene.Office.PostAsync(Address, null);

    List<SeatRequest> Told() => [.. scene.Service.Bus.Heard<SeatRequestsAccepted>().SelectMany(message => message.Requests).OrderBy(request => request.Order)];

    static SeatDecision Line(long number, string ticket, string word, string programme) => new(number, null, null, ticket, word, programme, null, Scene.Noon);

    async Task Decide(params SeatDecision[] lines)
    {
        await scene.Service.Bus.Publish(new SeatsDecided(Scene.P, lines));
        await scene.Until($"select count(*) = {lines.Length} from decisions", "the decisions");
    }

    async Task<System.Text.Json.Nodes.JsonNode> View(int teacher) => await Scene.Json(await scene.Teacher(teacher).GetAsync($"/api/applications/{Scene.P}"));

    async Task<(string?, string?)> StandingOf(int teacher) => await View(teacher) is var view ? (view["status"]?.GetValue<string>(), view["seat"]?.GetValue<string>()) : default;
}
