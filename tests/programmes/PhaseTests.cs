using System.Net;
using EPimorfosi.Contracts.Programmes;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

/// <summary>The calendar as time passes; each test has a clock of its own.</summary>
public sealed class PhaseTests
{
    [Fact]
    public async Task The_office_opens_and_closes_phases_now_with_a_public_reason()
    {
        await using var service = await Open(Before);
        await service.PutPeriod("P");
        Assert.Equal(HttpStatusCode.Conflict, (await service.Move("P", "A", "closed")).StatusCode); // not open yet
        Assert.Equal(HttpStatusCode.OK, (await service.Move("P", "A", "open", "Earlier start")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await service.Move("P", "A", "open")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await service.Move("P", "B", "open")).StatusCode); // R20: phase A first
        Assert.Equal("Open", (string?)(await service.Read("/api/periods/P"))["state"]!["phaseA"]);

        service.Clock!.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Closed", (string?)(await (await service.Move("P", "A", "closed")).Body())["state"]!["phaseA"]);
        Assert.Equal(HttpStatusCode.Conflict, (await service.Move("P", "A", "open")).StatusCode); // no way back
        Assert.Equal(HttpStatusCode.OK, (await service.Move("P", "B", "open")).StatusCode);

        var overrides = (await service.Read("/api/periods/P/overrides")).AsArray();
        Assert.Equal(["phaseA.opens", "phaseA.closes", "phaseB.opens"], overrides.Select(entry => (string?)entry!["field"]));
        Assert.Equal(("Earlier start", "maria", "2023-01-09T06:00:00Z", "2023-01-02T08:00:00Z"),
            ((string?)overrides[0]!["reason"], (string?)overrides[0]!["person"], (string?)overrides[0]!["before"], (string?)overrides[0]!["after"]));
        var told = (await service.Bus.Next<PeriodChanged>(message => message.Period.PhaseB.Opens == Before.AddHours(1))).Period;
        Assert.Equal(4, told.Version);
        Assert.Equal(["phaseA.opens", "phaseA.closes", "phaseB.opens"], told.Overrides!.Select(change => change.Field)); // R31: others are told with the reason
        Assert.Equal(("Earlier start", "maria"), (told.Overrides![0].Reason, told.Overrides[0].Person));
    }

    [Fact]
    public async Task What_is_in_force_changes_only_with_a_reason_and_what_has_happened_not_at_all()
    {
        await using var service = await Open(Before);
        await service.PutPeriod("P");
        service.Clock!.SetUtcNow(InPhaseA);
        var longer = PeriodTests.With(("phaseA.closes", "\"2023-01-21T21:59:59Z\""));

        var refused = await service.PutPeriod("P", longer);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "R31"), (refused.StatusCode, (string?)(await refused.Body())["rule"]));
        Assert.Equal(HttpStatusCode.OK, (await service.PutPeriod("P", longer, "?reason=Storm")).StatusCode);
        Assert.Equal("Storm", (string?)(await service.Read("/api/periods/P"))["overrides"]![0]!["reason"]);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PutPeriod("P", PeriodTests.With(("phaseA.opens", "\"2023-01-11T06:00:00Z\"")), "?reason=x")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PutPeriod("P", PeriodTests.With(("phaseA.closes", "\"2023-01-10T07:00:00Z\"")), "?reason=x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.PutPeriod("P", PeriodTests.With(("phaseA.closes", "\"2023-01-21T21:59:59Z\""), ("phaseB.closes", "\"2023-02-01T21:59:59Z\"")))).StatusCode); // not begun

        service.Clock.SetUtcNow(new(2023, 1, 22, 0, 0, 0, TimeSpan.Zero));
        var late = await service.PutPeriod("P", PeriodTests.With(("phaseA.closes", "\"2023-01-22T21:59:59Z\"")), "?reason=x");
        Assert.Equal((HttpStatusCode.Conflict, "R17"), (late.StatusCode, (string?)(await late.Body())["rule"]));
    }
}
