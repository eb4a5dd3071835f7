using System.Net;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

public sealed class PeriodTests(SharedService shared) : IClassFixture<SharedService>
{
    readonly ServiceUnderTest<Program> service = shared.Service;
    readonly string period = SharedService.NewPeriod();

    internal static string With(params (string Path, string Value)[] changes)
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
        Assert.Equal(HttpStatusCode.Created, (await service.PutPeriod(period)).StatusCode);
        var got = await service.Read($"/api/periods/{period}");

        foreach (var (name, value) in JsonNode.Parse(B2Calendar)!.AsObject())
        {
            Assert.Equal(value!.ToJsonString(), got[name]!.ToJsonString());
        }
        Assert.Equal("2023-01-02T08:00:00Z", (string?)got["serverTime"]);
        Assert.Equal("""{"phaseA":"Upcoming","phaseB":"Upcoming","enrolment":"Upcoming"}""", got["state"]!.ToJsonString());
        Assert.Contains((await service.Read("/api/periods?pageSize=500"))["items"]!.AsArray(), listed => (string?)listed!["code"] == period);
        Assert.Equal(1, (await service.Bus.Next<PeriodChanged>(message => message.Period.Code == period)).Period.Version);
    }

    [Fact]
    public async Task Putting_the_same_again_is_no_change_and_a_change_is_a_version()
    {
        await service.PutPeriod(period);
        Assert.Equal(HttpStatusCode.OK, (await service.PutPeriod(period)).StatusCode);
        Assert.Equal(1, (int)(await service.Read($"/api/periods/{period}"))["version"]!);
        await service.PutPeriod(period, With(("level", "\"B2+\"")));
        Assert.Equal(2, (await service.Bus.Next<PeriodChanged>(message => message.Period.Code == period && message.Period.Level == "B2+")).Period.Version);
        Assert.Equal(2, service.Bus.Heard<PeriodChanged>().Count(message => message.Period.Code == period));
    }

    [Fact]
    public async Task Of_two_who_change_what_they_saw_the_second_is_told()
    {
        var tag = (await service.PutPeriod(period)).Headers.ETag;
        foreach (var (level, status) in new[] { ("B3", HttpStatusCode.OK), ("B4", HttpStatusCode.PreconditionFailed) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/periods/{period}") { Content = Json(With(("level", $"\"{level}\""))), Headers = { IfMatch = { tag! } } };
            Assert.Equal(status, (await service.As(Policies.Office).SendAsync(request)).StatusCode);
        }
        Assert.Equal("B3", (string?)(await service.Read($"/api/periods/{period}"))["level"]);
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
    [InlineData("policy.phaseBLater", "\"B2.4:30\"", "policy.phaseBLater", "R21")]
    [InlineData("policy.phaseBLater", "\"B2.4+30 B2.4+60\"", "policy.phaseBLater", "R21")]
    [InlineData("policy.phaseBLater", "\"B2.4+9999\"", "policy.phaseBLater", "R21")]
    public async Task A_calendar_that_cannot_be_is_refused_with_field_and_rule(string path, string value, string field, string? rule)
    {
        var answer = await service.PutPeriod(period, With((path, value)));
        var fault = (await answer.Body())["faults"]![0]!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal((field, rule), ((string?)fault["field"], (string?)fault["rule"]));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anyone().GetAsync($"/api/periods/{period}")).StatusCode);
    }

    [Theory]
    [InlineData("P-X", "{", HttpStatusCode.BadRequest)]
    [InlineData("P-X", """{"firstDay":"soon"}""", HttpStatusCode.BadRequest)]
    [InlineData("p-2023", B2Calendar, HttpStatusCode.UnprocessableEntity)]
    public async Task A_body_or_code_that_cannot_be_read_is_a_problem(string code, string body, HttpStatusCode status)
    {
        var answer = await service.PutPeriod(code, body);
        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Only_the_office_writes_periods()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anyone().PutAsync($"/api/periods/{period}", Json(B2Calendar))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Teacher).PutAsync($"/api/periods/{period}", Json(B2Calendar))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Auditor).PostAsync($"/api/periods/{period}/phase", Json("{}"))).StatusCode);
        Assert.Empty(service.RoutesWithoutPolicy());
    }

    [Theory]
    [InlineData("""{"phase":"C","state":"open","reason":"x"}""")]
    [InlineData("""{"phase":"A","state":"ajar","reason":"x"}""")]
    [InlineData("""{"phase":"A","state":"open","reason":" "}""")]
    [InlineData("""{"phase":"A","state":"open"}""")]
    public async Task A_move_without_phase_state_or_reason_is_refused(string body)
    {
        await service.PutPeriod(period);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await service.As(Policies.Office).PostAsync($"/api/periods/{period}/phase", Json(body))).StatusCode);
        Assert.Equal(1, (int)(await service.Read($"/api/periods/{period}"))["version"]!);
    }
}
