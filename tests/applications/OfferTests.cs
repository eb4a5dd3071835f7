using System.Net.Http.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

/// <summary>The whole life of an offer (R25), under a clock that the test turns.</summary>
public sealed class OfferTests : IAsyncLifetime
{
    const string Id = $"{Scene.P}.7";
    Scene scene = null!;
    string ticket = null!;

    public async ValueTask InitializeAsync()
    {
        scene = await Scene.Start(3);
        await scene.Put(1, "A1");
        ticket = (await scene.Ask<string>("select ticket from applications"))!;
        await scene.OpenPhaseB();
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task It_is_accepted_once_however_often_and_on_whichever_replica()
    {
        await Offer();
        Assert.Equal("SeatOffered", (await Mine())["status"]!.GetValue<string>());
        await using var replica = await scene.Service.Again();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => await Scene.Json(await Answer("accept", i % 2 == 0 ? scene.Service : replica))));
        Assert.Single(answers.Select(answer => answer["order"]!.GetValue<long>()).Distinct());
        await Until.True(() => Told().Count == 1, "the acceptance");
        Assert.Equal((SeatRequestKind.Accept, ticket, "A1", (long?)null), (Told()[0].Kind, Told()[0].Ticket, Told()[0].Preferences.Single(), Told()[0].Sequence));
        await Scene.Refused(await Answer("decline"), 409, "R25");
        scene.Clock.Advance(TimeSpan.FromDays(3));
        await Scene.Json(await Answer("accept")); // said again, it is the same answer
        await Decide(new SeatDecision(8, Told()[0].Order, null, ticket, "accepted", "A1", null, scene.Clock.GetUtcNow()));
        await scene.Until("select seat = 'A1' from standings where last_event = 'accepted'", "the seat");
        var mine = await Mine();
        Assert.Equal(("accepted", "A1"), (mine["offers"]![0]!["state"]!.GetValue<string>(), mine["seat"]!.GetValue<string>()));
        Assert.Single(Told());
    }

    [Fact]
    public async Task In_its_last_second_it_is_accepted_and_after_it_the_clock_has_answered()
    {
        await Offer();
        scene.Clock.SetUtcNow(Expires.AddMilliseconds(999));
        Assert.Equal(202, (int)(await Answer("accept")).StatusCode);
        await Offer(number: 9, programme: "B1");
        scene.Clock.SetUtcNow(Expires.AddSeconds(1));
        await Scene.Refused(await Answer("accept", id: $"{Scene.P}.9"), 409, "R25"); // by the clock, before anybody has ended it
        await Until.True(() => Told().Any(request => request.Kind == SeatRequestKind.Expire), "the end of the offer");
        await Scene.Refused(await Answer("accept", id: $"{Scene.P}.9"), 409, "R25");
        Assert.Equal(("expired", "accepted"), (await State($"{Scene.P}.9"), await State(Id)));
        Assert.Equal([SeatRequestKind.Accept, SeatRequestKind.Expire], Told().Select(request => request.Kind)); // one answer each
    }

    [Fact]
    public async Task Another_persons_offer_is_unknown_and_an_ended_one_says_so()
    {
        await Offer();
        await Scene.Refused(await scene.Teacher(2).PostAsync(new Uri($"/api/offers/{Id}/accept", UriKind.Relative), null), 404);
        await Scene.Refused(await scene.Teacher(2).GetAsync(new Uri($"/api/offers/{Id}", UriKind.Relative)), 404);
        await Scene.Refused(await Answer("accept", id: $"{Scene.P}.70"), 404);
        await Scene.Refused(await Answer("accept", id: "nothing"), 404);
        await Decide(new SeatDecision(8, 1, 1, ticket, "placed", "B1", null, scene.Clock.GetUtcNow()), new SeatDecision(9, null, null, ticket, "declined", "A1", null, scene.Clock.GetUtcNow()));
        await scene.Until("select count(*) = 3 from decisions", "the lines");
        await Scene.Refused(await Answer("accept"), 409, "R26");
        Assert.Equal("declined", await State(Id));
        Assert.Empty(Told());
    }

    [Fact]
    public async Task Who_waits_learns_the_outcome_and_the_office_answers_with_a_reason()
    {
        await Offer();
        await Scene.Refused(await scene.Office.PostAsync(new Uri($"/api/offers/{Id}/decline?teacher={Scene.Number(1)}", UriKind.Relative), null), 422, "R31");
        using var office = scene.Service.As(Policies.Office, "maria");
        office.DefaultRequestHeaders.Add("Prefer", "wait=20");
        var answering = office.PostAsync(new Uri($"/api/offers/{Id}/decline?teacher={Scene.Number(1)}&reason=by+telephone", UriKind.Relative), null);
        await Until.True(() => Told().Count == 1, "the answer");
        await Decide(new SeatDecision(8, Told()[0].Order, null, ticket, "declined", "A1", null, scene.Clock.GetUtcNow()));
        var answer = await Scene.Json(await answering);
        Assert.Equal("declined", answer["outcome"]!.GetValue<string>());
        Assert.Contains("by telephone", await scene.Ask<string>("select act_reason from seat_requests"), StringComparison.Ordinal);
        Assert.NotEqual("SeatOffered", (await Mine())["status"]!.GetValue<string>());
    }

    static DateTimeOffset Expires => Scene.Period.PhaseB.Opens.AddHours(49);

    async Task Offer(long number = 7, string programme = "A1")
    {
        await Decide(new SeatDecision(number, null, null, ticket, "offered", programme, null, scene.Clock.GetUtcNow(), Expires));
        await scene.Until($"select count(*) = 1 from decisions where number = {number}", "the offer");
    }

    Task Decide(params SeatDecision[] lines) => scene.Service.Bus.Publish(new SeatsDecided(Scene.P, lines));

    Task<HttpResponseMessage> Answer(string answer, ServiceUnderTest<Program>? service = null, string id = Id) =>
        (service ?? scene.Service).As(Policies.Teacher, "t1", Scene.Number(1), language: "en").PostAsync(new Uri($"/api/offers/{id}/{answer}", UriKind.Relative), null);

    async Task<string> State(string id) => (await Scene.Json(await scene.Teacher(1).GetAsync(new Uri($"/api/offers/{id}", UriKind.Relative))))["state"]!.GetValue<string>();

    async Task<System.Text.Json.Nodes.JsonNode> Mine() => await Scene.Json(await scene.Teacher(1).GetAsync(new Uri($"/api/applications/{Scene.P}", UriKind.Relative)));

    List<SeatRequest> Told() => [.. scene.Service.Bus.Heard<SeatRequestsAccepted>().SelectMany(message => message.Requests).OrderBy(request => request.Order)];
}
