using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

/// <summary>What the office's pages rely on: previews, the record of acts (R31), corrections of the schools' file.</summary>
public sealed class OfficeDeskTests(SharedService shared) : IClassFixture<SharedService>
{
    const string SchoolHeader = "school_code,name_el,type_el,level,municipality_el,prefecture_code,locality_basis\n";
    readonly ServiceUnderTest<Program> service = shared.Service;
    readonly string period = SharedService.NewPeriod();

    [Fact]
    public async Task A_preview_tells_each_change_and_each_fault_and_changes_nothing()
    {
        await service.PutPeriod(period);
        await service.Import(period, Header + Line($"{period}-1", title: "Παλιός τίτλος"));
        var file = Header + Line($"{period}-1", title: "Νέος τίτλος") + Line($"{period}-2") + Line($"{period}-3", cluster: "B2.99");

        var answer = await service.Import(period, file, "&preview=true");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var report = await answer.Body();
        Assert.Equal("1,1,0,1", report.Counts());
        Assert.Equal(["4:cluster:R1"], report.Faults());
        var changes = report["changes"]!.AsArray();
        Assert.Equal([("P", false), ("P", true)], changes.Select(change => (((string)change!["key"]!)[..1], (bool)change["created"]!)));
        Assert.Equal("title: Παλιός τίτλος → Νέος τίτλος", string.Join("; ", changes[0]!["values"]!.AsArray().Select(value => $"{value!["column"]}: {value["before"]} → {value["after"]}")));

        Assert.Equal("Παλιός τίτλος", (string?)(await service.Read($"/api/programmes/{period}-1"))["title"]);
        Assert.Equal(1, (int)(await service.Read($"/api/programmes?period={period}"))["total"]!);
    }

    [Fact]
    public async Task The_acts_of_the_office_are_recorded_and_found_whatever_the_accents()
    {
        await service.PutPeriod(period);
        await service.PutPeriod(period, PeriodTests.With(("groupMaximum", "12")), "?reason=" + Uri.EscapeDataString("Έγκριση της διεύθυνσης"));
        await service.Move(period, "A", "open", "Νωρίτερα");
        await service.Import(period, Header + Line($"{period}-1"));
        await service.Import(period, Header + Line($"{period}-1")); // nothing new, nothing to record

        Assert.Equal(["programmes.imported", "phase.opened", "period.changed", "period.created"], (await Acts($"period={period}")).Select(act => act.Act));
        var changed = Assert.Single(await Acts($"period={period}&q={Uri.EscapeDataString("ΕΓΚΡΙΣΗ διευθυνσης")}"));
        Assert.Equal(("maria", "groupMaximum: 15 → 12", "Έγκριση της διεύθυνσης"), (changed.Person, changed.Detail, changed.Reason));
        Assert.Equal("phase.opened", Assert.Single(await Acts($"period={period}&act=phase.opened&person=maria")).Act);
        Assert.Empty(await Acts($"period={period}&person=nikos"));
        Assert.Equal("period.created", Assert.Single(await Acts($"period={period}&before={changed.Id}")).Act);
        Assert.Equal(HttpStatusCode.OK, (await service.As(Policies.Auditor).GetAsync("/api/audit")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Teacher, registryNumber: "1").GetAsync("/api/audit")).StatusCode);
    }

    [Fact]
    public async Task Of_two_who_create_the_same_period_the_second_is_told()
    {
        async Task<HttpStatusCode> Create()
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/periods/{period}") { Content = Json(B2Calendar) };
            request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"0\""));
            return (await service.As(Policies.Office, "maria").SendAsync(request)).StatusCode;
        }
        Assert.Equal(HttpStatusCode.Created, await Create());
        Assert.Equal(HttpStatusCode.PreconditionFailed, await Create());
    }

    [Fact]
    public async Task The_office_corrects_the_schools_and_everybody_is_told()
    {
        var file = SchoolHeader + "7770001,1ο Γυμνάσιο Δοκιμής,ΓΥΜΝΑΣΙΟ,secondary,,GR-01,\n7770002,Χωρίς νομό,ΓΥΜΝΑΣΙΟ,secondary,,GR-99,\n";
        var preview = await (await Schools(file, "?preview=true")).Body();
        Assert.Equal(("1,0,0,1", "3:prefecture_code:R5"), (preview.Counts(), preview.Faults().Single()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Schools(file)).StatusCode);
        Assert.Equal(0, (int)(await service.Read("/api/reference/schools?q=7770001"))["total"]!);

        var before = (await service.Anyone().GetAsync("/api/reference/schools?q=7770001")).Headers.ETag;
        Assert.Equal("1,0,0,0", (await (await Schools(file[..file.IndexOf("7770002", StringComparison.Ordinal)])).Body()).Counts());
        Assert.NotEqual(before, (await service.Anyone().GetAsync("/api/reference/schools?q=7770001")).Headers.ETag);
        Assert.Equal("1ο Γυμνάσιο Δοκιμής", (string?)(await service.Read("/api/reference/schools?q=γυμνασιο δοκιμης"))["items"]![0]!["nameEl"]);
        var told = await service.Bus.Next<SchoolsPublished>(message => message.Schools.Any(school => school.Code == "7770001"));
        Assert.Equal(("GR-01", 1), (told.Schools.Single().Nomos, told.Schools.Count));
        Assert.Equal("schools.imported", (await Acts("act=schools.imported"))[0].Act);
    }

    Task<HttpResponseMessage> Schools(string file, string query = "") => service.As(Policies.Office, "maria", language: "en")
        .PostAsync($"/api/reference/schools/import{query}", new ByteArrayContent(Encoding.UTF8.GetBytes(file)) { Headers = { ContentType = new("text/csv") } });

    async Task<IReadOnlyList<ActView>> Acts(string query) => (await service.As(Policies.Office).GetFromJsonAsync<IReadOnlyList<ActView>>($"/api/audit?{query}"))!;
}
