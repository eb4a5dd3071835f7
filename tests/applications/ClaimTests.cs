using System.Net;
using System.Net.Http.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class ClaimTests : IAsyncLifetime
{
    const string Address = $"/api/claims/{Scene.P}";
    Scene scene = null!;

    public async ValueTask InitializeAsync() => scene = await Scene.Start(200);

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Two_hundred_claims_at_once_on_two_replicas_get_a_gapless_sequence()
    {
        await scene.OpenPhaseB();
        await using var replica = await scene.Service.Again();
        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(async teacher => await Claim(teacher % 2 == 0 ? scene.Service : replica, teacher, null, "A1", "B1")));

        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), answers.Select(answer => answer.Sequence).Order());
        await Until.True(() => Told().Count == 200, "all claims on the bus");
        var told = Told();
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), told.Select(request => request.Order));
        Assert.Equal(told.Select(request => (long?)request.Order), told.Select(request => request.Sequence));
        Assert.All(told, request => Assert.Equal(["A1", "B1"], request.Preferences));
        Assert.Equal(200, told.Select(request => request.Ticket).Distinct().Count());
        var holders = scene.Service.Bus.Heard<TicketsIssued>().SelectMany(message => message.Holders).ToList();
        Assert.Equal(200, holders.Count); // R21 (iii): new applicants, each one ticket
        Assert.True(await scene.Ask<long>("select count(distinct accepted_at) from seat_requests") < 200, "Claims at once share a commit.");
    }

    [Fact]
    public async Task A_repeated_key_is_one_claim_and_gets_the_first_answer()
    {
        await scene.OpenPhaseB();
        await using var replica = await scene.Service.Again();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async index => await Claim(index % 2 == 0 ? scene.Service : replica, 1, "once", "A1")));
        Assert.Single(answers.Select(answer => answer.Sequence).Distinct());
        var others = await Task.WhenAll(Enumerable.Range(2, 19).Select(async teacher => await Claim(scene.Service, teacher, "once", "A1")));
        Assert.Equal(19, others.Select(answer => answer.Sequence).Distinct().Count()); // another person's key is another key
        Assert.Equal(21, (await Claim(scene.Service, 21, "once", "A1")).Sequence);
        Assert.Equal(22, (await Claim(scene.Service, 1, "twice", "B1")).Sequence); // an update is a new claim
        await Until.True(() => Told().Count == 22, "each claim once");

        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Closes.AddSeconds(1));
        Assert.Equal(answers[0].Sequence, (await Claim(scene.Service, 1, "once", "A1")).Sequence); // even when it would now be late
        await Scene.Refused(await Post(scene.Service, 1, "late", "A1"), 409, "R30");
        Assert.Equal(22, Told().Count);
    }

    [Fact]
    public async Task Claims_wait_for_the_opening_and_for_the_results()
    {
        await Scene.Refused(await Post(scene.Service, 1, null, "A1"), 409, "R30");
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Opens);
        await Scene.Refused(await Post(scene.Service, 1, null, "A1"), 409, "R20");
        await scene.OpenPhaseB();
        Assert.Equal(1, (await Claim(scene.Service, 1, null, "A1")).Sequence);
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Closes.AddMilliseconds(999));
        Assert.Equal(2, (await Claim(scene.Service, 2, null, "A1")).Sequence);
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Closes.AddSeconds(1));
        await Scene.Refused(await Post(scene.Service, 3, null, "A1"), 409, "R30");
    }

    [Fact]
    public async Task A_staggered_opening_lets_each_in_at_their_own_instant() // R21, R30
    {
        await scene.Publish(Scene.Period with { Version = 2, Policy = new(PhaseBLater: "B2.1+30 GR-94+60") });
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Opens);
        await scene.OpenPhaseB();
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Opens.AddMinutes(29));
        var refusal = await Scene.Refused(await Post(scene.Service, 1, null, "A1"), 409, "R30");
        Assert.EndsWith("not-yet-open", refusal["type"]!.GetValue<string>(), StringComparison.Ordinal);
        scene.Clock.SetUtcNow(Scene.Period.PhaseB.Opens.AddMinutes(30));
        Assert.Equal(1, (await Claim(scene.Service, 1, null, "A1")).Sequence);
    }

    [Theory]
    [InlineData("", "B2.1", "GR-01", 0)]
    [InlineData("B2.1+30", "B2.1", "GR-01", 30)]
    [InlineData("B2.1+30", "B2.2", "GR-01", 0)]
    [InlineData("B2.1+30 GR-01+60", "B2.1", "GR-01", 60)]
    [InlineData("GR-01+60 GR-94+10", "B2.1", "GR-01 GR-94", 10)] // of several prefectures the earliest
    [InlineData("GR-01+60", null, "", 0)]
    public void A_teacher_waits_for_their_cluster_and_prefecture(string policy, string? cluster, string nomoi, int minutes) => Assert.Equal(
        Scene.Period.PhaseB.Opens.AddMinutes(minutes),
        StaggeredOpening.Of(Scene.Period with { Policy = new(PhaseBLater: policy) }, cluster, nomoi.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Opens);

    [Fact]
    public async Task Who_prefers_to_wait_has_the_outcome_in_the_same_answer_on_any_replica()
    {
        await scene.OpenPhaseB();
        await using var replica = await scene.Service.Again();
        using var client = replica.As(Policies.Teacher, "t", Scene.Number(1));
        client.DefaultRequestHeaders.Add("Prefer", "wait=20");
        var posting = client.PostAsJsonAsync(Address, new { preferences = new[] { "A1" } });
        await Until.True(() => Told().Count == 1, "the claim");
        await Decide(new SeatDecision(1, 1, 1, Told()[0].Ticket, "placed", "A1", null, Scene.Noon));

        var answer = await posting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var claim = (await answer.Content.ReadFromJsonAsync<ClaimAnswer>())!;
        Assert.Equal((1L, "placed", "A1"), (claim.Sequence, claim.Outcome, claim.Programme));
        Assert.Equal("PlacedBelowMinimum", await StatusOf(1));
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_where_to_look_and_nobody_else_sees_it()
    {
        await scene.OpenPhaseB();
        var answer = await Post(scene.Service, 1, null, "A1");
        Assert.Equal((HttpStatusCode.Accepted, $"{Address}/1"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Null((await Scene.Json(await scene.Teacher(1).GetAsync($"{Address}/1")))["outcome"]);
        await Scene.Refused(await scene.Teacher(2).GetAsync($"{Address}/1"), 404);
        await Scene.Refused(await scene.Teacher(1).GetAsync($"{Address}/99"), 404);

        await Until.True(() => Told().Count == 1, "the claim");
        await Decide(new SeatDecision(1, 1, 1, Told()[0].Ticket, "waiting", null, null, Scene.Noon));
        Assert.Equal("waiting", (await Scene.Json(await scene.Office.GetAsync($"{Address}/1")))["outcome"]!.GetValue<string>());
        Assert.Equal("ClaimWaiting", await StatusOf(1));
        await Decide(new SeatDecision(9, null, 1, Told()[0].Ticket, "promoted", "A1", null, Scene.Noon));
        Assert.Equal("promoted", (await Scene.Json(await scene.Teacher(1).GetAsync($"{Address}/1")))["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task R21_who_holds_a_seat_that_will_run_gives_it_up_first()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(1, 11).Select(async teacher => await ApplicationTests.Receipt(await scene.Put(teacher, "A1"))));
        await scene.OpenPhaseB([.. receipts.Take(10).Select(receipt => (receipt.Ticket, "A1")), (receipts[10].Ticket, "A2")]);

        await Scene.Refused(await Post(scene.Service, 1, null, "B1"), 409, "R21");
        Assert.Equal(1, (await Claim(scene.Service, 11, null, "B1")).Sequence); // R20: A2 is below its minimum
        Assert.Equal("ClaimPending", await StatusOf(11));

        var release = await scene.Teacher(1).PostAsync($"/api/seats/{Scene.P}/release", null);
        Assert.Equal((HttpStatusCode.Accepted, 2L), (release.StatusCode, (await release.Content.ReadFromJsonAsync<ReleaseAnswer>())!.Order));
        Assert.Equal(2, (await (await scene.Teacher(1).PostAsync($"/api/seats/{Scene.P}/release", null)).Content.ReadFromJsonAsync<ReleaseAnswer>())!.Order); // a double click
        Assert.Equal(2, (await Claim(scene.Service, 1, null, "B1")).Sequence); // comes after the release in the order
        await Until.True(() => Told().Count == 3, "claims and release in one order");
        Assert.Equal([(1L, (long?)1L, SeatRequestKind.Claim), (2, null, SeatRequestKind.Release), (3, 2, SeatRequestKind.Claim)],
            Told().Select(request => (request.Order, request.Sequence, request.Kind)));

        await Scene.Refused(await scene.Teacher(50).PostAsync($"/api/seats/{Scene.P}/release", null), 409, "R21");
        await Scene.Refused(await scene.Office.PostAsync($"/api/seats/{Scene.P}/release?teacher={Scene.Number(2)}", null), 422, "R31");
        Assert.Equal(HttpStatusCode.Accepted, (await scene.Office.PostAsync($"/api/seats/{Scene.P}/release?teacher={Scene.Number(2)}&reason=moved", null)).StatusCode);
        Assert.Equal("maria (maria): moved", await scene.Ask<string>("select acted_by || ': ' || act_reason from seat_requests where \"order\" = 4"));
    }

    [Fact]
    public async Task A_standing_follows_the_highest_line_of_the_log_in_whatever_order_lines_come()
    {
        var receipt = await ApplicationTests.Receipt(await scene.Put(1, "A1"));
        await scene.OpenPhaseB((receipt.Ticket, "A1"));
        await Decide(new SeatDecision(7, 3, 2, receipt.Ticket, "placed", "B1", null, Scene.Noon));
        await Decide(new SeatDecision(5, 2, null, receipt.Ticket, "released", "A1", null, Scene.Noon));
        await Decide(new SeatDecision(6, 9, 9, receipt.Ticket, "waiting", null, null, Scene.Noon));
        Assert.Equal("B1", await scene.Ask<string>("select seat from standings"));
        await Decide(new SeatDecision(8, 4, null, receipt.Ticket, "released", "B1", null, Scene.Noon));
        Assert.Equal("SeatReleased", await StatusOf(1));
    }

    [Fact]
    public async Task A_claim_is_checked_like_an_application_and_the_office_may_make_it_with_a_reason()
    {
        await scene.OpenPhaseB();
        await Scene.Refused(await Post(scene.Service, 1, null, "MATH"), 422, "R11");
        await Scene.Refused(await Post(scene.Service, 1, null), 422, "R13");
        await Scene.Refused(await Post(scene.Service, 1, "with space", "A1"), 400);
        await Scene.Refused(await scene.Office.PostAsJsonAsync($"{Address}?teacher={Scene.Number(1)}", new { preferences = new[] { "A1" } }), 422, "R31");
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Service.As(Policies.Auditor).PostAsJsonAsync(Address, new { preferences = new[] { "A1" } })).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await scene.Office.PostAsJsonAsync($"{Address}?teacher={Scene.Number(1)}&reason=phone", new { preferences = new[] { "A1" } })).StatusCode);
    }

    [Fact]
    public async Task The_outcome_of_the_draw_is_shown_with_its_reasons()
    {
        var receipt = await ApplicationTests.Receipt(await scene.Put(1, "A1", "B1"));
        await scene.Service.Bus.Publish(new OutcomesDecided(Scene.P, 1, [new(receipt.Ticket, 412, null, 0, false, [new("A1", 388, 24), new("B1", 400, 3)])]));
        await scene.Until("select count(*) = 1 from standings", "the outcome");
        var view = await Scene.Json(await scene.Teacher(1).GetAsync($"/api/applications/{Scene.P}"));
        Assert.Equal("RunnerUp", view["status"]!.GetValue<string>());
        Assert.Equal(412, view["outcome"]!["place"]!.GetValue<int>());
        Assert.Equal("The last seat of your 1st choice (A1) went to place 388 in the draw; you are runner-up number 24.", view["explanation"]![1]!.GetValue<string>());
    }

    async Task Decide(SeatDecision decision)
    {
        await scene.Service.Bus.Publish(new SeatsDecided(Scene.P, [decision]));
        await scene.Until($"select count(*) = 1 from decisions where number = {decision.Number}", "the decision");
    }

    async Task<string> StatusOf(int teacher) => (await Scene.Json(await scene.Teacher(teacher).GetAsync($"/api/applications/{Scene.P}")))["status"]!.GetValue<string>();

    static async Task<HttpResponseMessage> Post(ServiceUnderTest<Program> host, int teacher, string? key, params string[] preferences)
    {
        using var client = host.As(Policies.Teacher, "t", Scene.Number(teacher));
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        }
        return await client.PostAsJsonAsync(Address, new { preferences });
    }

    static async Task<ClaimAnswer> Claim(ServiceUnderTest<Program> host, int teacher, string? key, params string[] preferences)
    {
        var answer = await Post(host, teacher, key, preferences);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<ClaimAnswer>())!;
    }

    /// <summary>All requests told so far, in their order.</summary>
    List<SeatRequest> Told() => [.. scene.Service.Bus.Heard<SeatRequestsAccepted>().SelectMany(message => message.Requests).OrderBy(request => request.Order)];
}
