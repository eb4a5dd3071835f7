using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

/// <summary>R6: a centre proposes programmes, the office approves or returns them with a reason, and only approved ones are published.</summary>
public sealed class ProposalTests(SharedService shared) : IClassFixture<SharedService>
{
    const string Path = "/api/programmes/proposals";

    readonly ServiceUnderTest<Program> service = shared.Service;

    HttpClient Centre(string centre = Agrinio, string language = "en") => service.As(Policies.Centre, "kse", centre: centre, language: language);

    HttpClient Desk => service.As(Policies.Office, "maria", language: "en");

    [Fact]
    public async Task What_is_returned_is_mended_proposed_again_and_published_once_it_is_approved()
    {
        var period = await NewPeriod();
        var made = await (await Centre(language: "el").PostAsJsonAsync(Path, Given(period))).Body();
        var (id, code) = ((string)made["id"]!, (string)made["code"]!);
        Assert.Equal(("Proposed", 1), ((string)made["state"]!, (int)made["version"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anyone().GetAsync($"/api/programmes/{code}")).StatusCode); // nothing is public yet

        var returned = await Desk.PostAsJsonAsync($"{Path}/{id}/return", new { version = 1, reason = "  Ο τίτλος να πει για ποιους είναι.  " });
        Assert.Equal("Returned", (string)(await returned.Body())["state"]!);
        var told = await service.Bus.Next<ProgrammeReturned>(message => message.Code == code);
        Assert.Equal((period, "kse@example.gr", "el", "Ο τίτλος να πει για ποιους είναι."), (told.Period, told.Email, told.Language, told.Reason));
        Assert.Equal(HttpStatusCode.Conflict, (await Desk.PostAsJsonAsync($"{Path}/{id}/approve", new { version = 2 })).StatusCode); // it is the centre's turn

        var again = await (await Centre().PutAsJsonAsync($"{Path}/{id}", Given(period, version: 2, title: "Πληροφορική για καθηγητές"))).Body();
        Assert.Equal(("Proposed", 3, code), ((string)again["state"]!, (int)again["version"]!, (string)again["code"]!));
        Assert.Equal(HttpStatusCode.OK, (await Desk.PostAsJsonAsync($"{Path}/{id}/approve", new { version = 3 })).StatusCode);
        var published = (await service.Bus.Next<ProgrammesPublished>(message => message.Period == period)).Programmes.Single();
        Assert.Equal((code, "Πληροφορική για καθηγητές", Agrinio), (published.Code, published.Title, published.Centre));
        Assert.Equal(["T-1", "T-2"], (await service.Bus.Next<TrainersAssigned>(message => message.Period == period)).Programmes.Single().Trainers);
        Assert.Equal("en", (await service.Bus.Next<ProgrammeApproved>(message => message.Code == code)).Language);
        Assert.Equal("Πληροφορική για καθηγητές", (string)(await service.Read($"/api/programmes/{code}"))["title"]!);

        Assert.Equal(HttpStatusCode.Conflict, (await Desk.PostAsJsonAsync($"{Path}/{id}/approve", new { version = 4 })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Centre().PostAsJsonAsync($"{Path}/{id}/withdraw", new { version = 4 })).StatusCode);
        Assert.Single(service.Bus.Heard<ProgrammesPublished>(), message => message.Period == period);
        Assert.Equal(["proposal.approved", "proposal.returned"], (await (await Desk.GetAsync($"/api/audit?period={period}&q={code}")).Body()).AsArray().Select(act => (string)act!["act"]!));
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_with_its_field_and_nothing_is_kept()
    {
        var period = await NewPeriod();
        var refused = await Centre().PostAsJsonAsync(Path, new { period, cluster = "B2.99", category = "IIc", title = "", minimum = 20, startsOn = "soon", slots = new[] { "never" }, email = "nobody" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(
            ["category:R4", "cluster:R1", "email:", "max:R2", "slots:R3", "starts_on:R3", "title:", "trainers:R6"],
            (await refused.Body())["faults"]!.AsArray().Select(fault => $"{fault!["field"]}:{fault["rule"]}").Order());
        Assert.Equal(["trainers:R6"], await Faults(Given(period, hours: [30, 29])));
        Assert.Equal(["trainers:R6"], await Faults(Given(period, hours: [null, null])));
        Assert.Equal(HttpStatusCode.NotFound, (await Centre().PostAsJsonAsync(Path, Given("P\0"))).StatusCode);
        Assert.Equal("centre", (string)(await (await Centre("0000000").PostAsJsonAsync(Path, Given(period))).Body())["faults"]![0]!["field"]!); // R6: a public school
        Assert.Equal(0, (int)(await (await Desk.GetAsync($"{Path}?period={period}")).Body())["total"]!);
        var sound = await (await Centre().PostAsJsonAsync(Path, Given(period))).Body();
        var noReason = await Desk.PostAsJsonAsync($"{Path}/{sound["id"]}/return", new { version = 1, reason = " " });
        Assert.Equal(("R6", HttpStatusCode.UnprocessableEntity), ((string)(await noReason.Body())["rule"]!, noReason.StatusCode));

        async Task<string[]> Faults(object form) => [.. (await (await Centre().PostAsJsonAsync(Path, form)).Body())["faults"]!.AsArray().Select(fault => $"{fault!["field"]}:{fault["rule"]}")];
    }

    [Fact]
    public async Task A_centre_sees_its_own_and_the_office_all_what_waits_first()
    {
        var period = await NewPeriod();
        var other = (string)(await service.Read("/api/reference/schools?prefecture=GR-A1-A&pageSize=1"))["items"]![0]!["code"]!;
        var first = await (await Centre().PostAsJsonAsync(Path, Given(period, title: "Πρώτο"))).Body();
        await Centre(other).PostAsJsonAsync(Path, Given(period, title: "Άλλου κέντρου"));
        await Centre().PostAsJsonAsync(Path, Given(period, title: "Δεύτερο"));
        await Centre().PostAsJsonAsync($"{Path}/{first["id"]}/withdraw", new { version = 1 });
        Assert.Equal(["Άλλου κέντρου", "Δεύτερο", "Πρώτο"], await Titles(Desk, $"period={period}"));
        Assert.Equal(["Δεύτερο", "Πρώτο"], await Titles(Centre(), $"period={period}"));
        Assert.Equal(["Πρώτο"], await Titles(Desk, $"period={period}&state=Withdrawn"));
        Assert.Equal(["Άλλου κέντρου"], await Titles(Desk, $"period={period}&q=αλλου"));
        Assert.Equal(HttpStatusCode.NotFound, (await Centre(other).GetAsync($"{Path}/{first["id"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Centre(other).PutAsJsonAsync($"{Path}/{first["id"]}", Given(period, version: 2))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Centre().PostAsJsonAsync($"{Path}/{first["id"]}/approve", new { version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Teacher, "t", "1").GetAsync(Path)).StatusCode);
        Assert.Empty(service.RoutesWithoutPolicy());
    }

    [Fact]
    public async Task Of_two_who_act_at_once_one_is_told_and_codes_are_never_given_twice()
    {
        var period = await NewPeriod();
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => await (await Centre().PostAsJsonAsync(Path, Given(period))).Body()));
        Assert.Equal(8, made.Select(one => (string)one["code"]!).Distinct().Count());
        var id = (string)made[0]["id"]!;
        var answers = await Task.WhenAll(
            Desk.PostAsJsonAsync($"{Path}/{id}/approve", new { version = 1 }), Desk.PostAsJsonAsync($"{Path}/{id}/approve", new { version = 1 }),
            Desk.PostAsJsonAsync($"{Path}/{id}/return", new { version = 1, reason = "Όχι" }), Centre().PostAsJsonAsync($"{Path}/{id}/withdraw", new { version = 1 }));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
    }

    [Fact]
    public async Task After_phase_A_nothing_is_proposed_and_nothing_approved() // R17
    {
        await using var later = await Open(InPhaseA);
        await later.PutPeriod("P");
        var centre = later.As(Policies.Centre, "kse", centre: Agrinio, language: "en");
        var made = await (await centre.PostAsJsonAsync(Path, Given("P"))).Body();
        later.Clock!.SetUtcNow(LastSecondOfPhaseA.AddSeconds(1));
        Assert.Equal("R17", (string)(await (await centre.PostAsJsonAsync(Path, Given("P"))).Body())["rule"]!);
        var approved = await later.As(Policies.Office, "maria", language: "en").PostAsJsonAsync($"{Path}/{made["id"]}/approve", new { version = 1 });
        Assert.Equal((HttpStatusCode.Conflict, "R17"), (approved.StatusCode, (string)(await approved.Body())["rule"]!));
        Assert.Equal(0, (int)(await later.Read("/api/programmes?period=P"))["total"]!);
    }

    static object Given(string period, int version = 0, string title = "Πληροφορική", int?[]? hours = null) => new
    {
        period,
        cluster = "B2.4",
        category = "IIb",
        title,
        startsOn = "2023-03-07",
        slots = new[] { "Thu 17:00", "Tue 17:00" },
        email = " kse@example.gr ",
        version,
        trainers = (hours ?? [40, 20]).Select((share, index) => new { registryNumber = $"T-{index + 1}", hours = share }),
    };

    async Task<string> NewPeriod()
    {
        var period = SharedService.NewPeriod();
        (await service.PutPeriod(period)).EnsureSuccessStatusCode();
        return period;
    }

    static async Task<string[]> Titles(HttpClient client, string query) => [.. (await (await client.GetAsync($"{Path}?{query}")).Body())["items"]!.AsArray().Select(one => (string)one!["title"]!)];
}
