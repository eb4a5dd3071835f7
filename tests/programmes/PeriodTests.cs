using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

public sealed class PeriodTests : IAsyncLifetime
{
    ServiceUnderTest<Program> service = null!;

    public async ValueTask InitializeAsync() => service = await Open(Before);

    public ValueTask DisposeAsync() => service.DisposeAsync();

    static string With(params (string Path, string Value)[] changes)
    {
        var body = JsonNode.Parse(B2Calendar)!;
        foreach (var (path, value) in changes)
        {
            var names = path.Split('.');
            var owner = names.SkipLast(1).Aggregate(body, (node, name) => node[name]!);
            owner[names[^1]] = JsonNode.Parse(value);
        }
        return body.ToJsonString();
    }

    [Fact]
    public async Task What_the_office_put_is_what_everybody_gets()
    {
        Assert.Equal(HttpStatusCode.Created, (await service.PutPeriod("B2-2023-2")).StatusCode);
        var got = await service.Read("/api/periods/B2-2023-2");

        foreach (var (name, value) in JsonNode.Parse(B2Calendar)!.AsObject())
        {
            Assert.Equal(value!.ToJsonString(), got[name]!.ToJsonString());
        }
        Assert.Equal("2023-01-02T08:00:00Z", (string?)got["serverTime"]);
        Assert.Equal("""{"phaseA":"Upcoming","phaseB":"Upcoming","enrolment":"Upcoming"}""", got["state"]!.ToJsonString());
        Assert.Equal("B2-2023-2", (string?)(await service.Read("/api/periods"))["items"]![0]!["code"]);
        Assert.Equal(1, (await service.Bus.Next<PeriodChanged>()).Period.Version);
    }

    [Fact]
    public async Task Putting_the_same_again_is_no_change_and_a_change_is_a_version()
    {
        await service.PutPeriod("P");
        Assert.Equal(HttpStatusCode.OK, (await service.PutPeriod("P")).StatusCode);
        Assert.Equal(1, (int)(await service.Read("/api/periods/P"))["version"]!);
        await service.PutPeriod("P", With(("level", "\"B2+\"")));
        Assert.Equal(2, (await service.Bus.Next<PeriodChanged>(message => message.Period.Level == "B2+")).Period.Version);
        Assert.Equal(2, service.Bus.Heard<PeriodChanged>().Count);
    }

    [Fact]
    public async Task Of_two_who_change_what_they_saw_the_second_is_told()
    {
        var tag = (await service.PutPeriod("P")).Headers.ETag;
        foreach (var (level, status) in new[] { ("B3", HttpStatusCode.OK), ("B4", HttpStatusCode.PreconditionFailed) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "/api/periods/P") { Content = Json(With(("level", $"\"{level}\""))), Headers = { IfMatch = { tag! } } };
            Assert.Equal(status, (await service.As(Policies.Office).SendAsync(request)).StatusCode);
        }
        Assert.Equal("B3", (string?)(await service.Read("/api/periods/P"))["level"]);
    }

    [Theory]
    [InlineData("title.el", "\"\"", "title.el", null)]
    [InlineData("title", "null", "title.el", null)]
    [InlineData("firstDay", "null", "firstDay", "R28")]
    [InlineData("lastDay", "\"2023-03-05\"", "lastDay", "R28")]
    [InlineData("phaseA.opens", "\"2023-01-20T22:00:00Z\"", "phaseA.closes", "R30")]
    [InlineData("phaseA.closes", "null", "phaseA.closes", "R30")]
    [InlineData("drawAt", "\"2023-01-20T21:00:00Z\"", "drawAt", "R16")]
    [InlineData("drawAt", "\"2023-01-25T11:00:00Z\"", "phaseB.opens", "R20")]
    [InlineData("phaseB.opens", "\"2023-01-20T20:00:00Z\"", "phaseB.opens", "R20")]
    [InlineData("enrolment.opens", "\"2023-01-19T20:00:00Z\"", "enrolment.opens", "R28")]
    [InlineData("groupMinimum", "16", "groupMaximum", "R2")]
    [InlineData("groupMinimum", "0", "groupMinimum", "R2")]
    [InlineData("policy.maxChoices", "-1", "policy.maxChoices", "R13")]
    [InlineData("policy.phaseBScope", "\"Nothing\"", "policy.phaseBScope", "R22")]
    [InlineData("policy.offerHours", "0", "policy.offerHours", "R25")]
    [InlineData("policy.objectionHours", "-1", "policy.objectionHours", "R18")]
    public async Task A_calendar_that_cannot_be_is_refused_with_field_and_rule(string path, string value, string field, string? rule)
    {
        var answer = await service.PutPeriod("P", With((path, value)));
        var fault = (await answer.Body())["faults"]![0]!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal((field, rule), ((string?)fault["field"], (string?)fault["rule"]));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anyone().GetAsync("/api/periods/P")).StatusCode);
    }

    [Theory]
    [InlineData("P", "{", HttpStatusCode.BadRequest)]
    [InlineData("P", """{"firstDay":"soon"}""", HttpStatusCode.BadRequest)]
    [InlineData("p-2023", B2Calendar, HttpStatusCode.UnprocessableEntity)]
    public async Task A_body_or_code_that_cannot_be_read_is_a_problem(string code, string body, HttpStatusCode status)
    {
        var answer = await service.PutPeriod(code, body);
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Only_the_office_writes_periods()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anyone().PutAsync("/api/periods/P", Json(B2Calendar))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Teacher).PutAsync("/api/periods/P", Json(B2Calendar))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Auditor).PostAsync("/api/periods/P/phase", Json("{}"))).StatusCode);
        Assert.Empty(service.RoutesWithoutPolicy());
    }

    [Fact]
    public async Task The_office_opens_and_closes_phases_now_with_a_public_reason()
    {
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
        Assert.Equal(4, (await service.Bus.Next<PeriodChanged>(message => message.Period.PhaseB.Opens == Before.AddHours(1))).Period.Version);
    }

    [Theory]
    [InlineData("""{"phase":"C","state":"open","reason":"x"}""")]
    [InlineData("""{"phase":"A","state":"ajar","reason":"x"}""")]
    [InlineData("""{"phase":"A","state":"open","reason":" "}""")]
    [InlineData("""{"phase":"A","state":"open"}""")]
    public async Task A_move_without_phase_state_or_reason_is_refused(string body)
    {
        await service.PutPeriod("P");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.As(Policies.Office).PostAsync("/api/periods/P/phase", Json(body))).StatusCode);
        Assert.Equal(1, (int)(await service.Read("/api/periods/P"))["version"]!);
    }

    [Fact]
    public async Task What_is_in_force_changes_only_with_a_reason_and_what_has_happened_not_at_all()
    {
        await service.PutPeriod("P");
        service.Clock!.SetUtcNow(InPhaseA);
        var longer = With(("phaseA.closes", "\"2023-01-21T21:59:59Z\""));

        var refused = await service.PutPeriod("P", longer);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "R31"), (refused.StatusCode, (string?)(await refused.Body())["rule"]));
        Assert.Equal(HttpStatusCode.OK, (await service.PutPeriod("P", longer, "?reason=Storm")).StatusCode);
        Assert.Equal("Storm", (string?)(await service.Read("/api/periods/P"))["overrides"]![0]!["reason"]);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PutPeriod("P", With(("phaseA.opens", "\"2023-01-11T06:00:00Z\"")), "?reason=x")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await service.PutPeriod("P", With(("phaseA.closes", "\"2023-01-10T07:00:00Z\"")), "?reason=x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.PutPeriod("P", With(("phaseA.closes", "\"2023-01-21T21:59:59Z\""), ("phaseB.closes", "\"2023-02-01T21:59:59Z\"")))).StatusCode); // not begun

        service.Clock.SetUtcNow(new(2023, 1, 22, 0, 0, 0, TimeSpan.Zero));
        var late = await service.PutPeriod("P", With(("phaseA.closes", "\"2023-01-22T21:59:59Z\"")), "?reason=x");
        Assert.Equal((HttpStatusCode.Conflict, "R17"), (late.StatusCode, (string?)(await late.Body())["rule"]));
    }
}
