using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;

namespace EPimorfosi.Applications.Tests;

/// <summary>What the office sees of the applications, and does for a teacher (R31).</summary>
public sealed class OfficeDeskTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    readonly Scene scene = fixture.Scene;

    [Fact]
    public async Task Teachers_are_found_by_any_of_their_words_whatever_accents_and_case()
    {
        await scene.Import("/api/teachers/import", Scene.Teachers(["300001"]).Replace("Μαρία,Νικολάου", "Ἀγγελική Ζωΐτσα,Παπαδοπούλου-ΐ", StringComparison.Ordinal));
        foreach (var words in new[] { "παπαδοπουλου", "ΑΓΓΕΛΙΚΗ παπαδ", "Ζωίτσα 300001", "t300001@SCH", "ZΩITΣA" })
        {
            Assert.Equal("300001", (string?)(await Found($"/api/teachers?q={Uri.EscapeDataString(words)}"))["items"]!.AsArray().Single()!["registryNumber"]);
        }
        Assert.Equal(0, (int)(await Found($"/api/teachers?q={Uri.EscapeDataString("παπαδοπουλου νικολαου")}"))["total"]!);
    }

    [Fact]
    public async Task What_the_office_does_for_a_teacher_is_found_by_teacher_and_reason()
    {
        var path = $"/api/applications/{Scene.P}?teacher={Scene.Number(11)}&reason=";
        var preferences = new[] { "A1", "B1" };
        await Scene.Refused(await scene.Office.PutAsJsonAsync(path, new { preferences, declarations = new { teachingNow = true } }), 422, "R31");
        Assert.Equal(HttpStatusCode.OK, (await scene.Office.PutAsJsonAsync(path + Uri.EscapeDataString("Χάρτινη αίτηση"), new { preferences, declarations = new { teachingNow = true } })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await scene.Office.DeleteAsync(path + Uri.EscapeDataString("Το ζήτησε"))).StatusCode);
        await scene.Put(12, "A1"); // a teacher's own act is none of the office's

        var acts = await Acts($"q={Scene.Number(11)}");
        Assert.Equal(["application.withdrawn", "application.submitted"], acts.Select(act => act.Act));
        Assert.Equal(("maria", Scene.P, "Χάρτινη αίτηση", "version 1: A1, B1"), (acts[1].Person, acts[1].Period, acts[1].Reason, acts[1].Detail));
        Assert.Equal("application.submitted", Assert.Single(await Acts($"q={Uri.EscapeDataString("χαρτινη αιτηση")}")).Act);
        Assert.Empty(await Acts($"q={Scene.Number(12)}"));
    }

    [Fact]
    public async Task The_office_corrects_an_entry_with_a_reason_and_overwrites_nobody()
    {
        var path = $"/api/teachers/{Scene.Number(13)}";
        object Entry(string email, int version, string school = "9010001") => new
        {
            firstName = "Μαρία",
            lastName = "Νικολάου",
            email,
            mobile = "",
            specialty = "ΠΕ02",
            schools = school,
            language = "el",
            teachingNow = true,
            b1Certified = true,
            priorBLevel = false,
            priorPake = false,
            priorB2 = false,
            version,
        };
        await Scene.Refused(await scene.Office.PutAsJsonAsync(path, Entry("new@sch.gr", 1)), 422, "R31");
        var faults = (await Scene.Refused(await scene.Office.PutAsJsonAsync(path + "?reason=phone", Entry("nonsense", 1, "9010001|1")), 422))["faults"]!.AsArray();
        Assert.Equal(["email", "schools"], faults.Select(fault => (string?)fault!["field"]));
        Assert.Equal(HttpStatusCode.OK, (await scene.Office.PutAsJsonAsync(path + "?reason=phone", Entry("new@sch.gr", 1, "9010001|9400001"))).StatusCode);
        await Scene.Refused(await scene.Office.PutAsJsonAsync(path + "?reason=phone", Entry("other@sch.gr", 1)), 412);

        var now = await Found(path);
        Assert.Equal(("new@sch.gr", 2), ((string?)now["email"], (int)now["version"]!));
        await scene.Service.Bus.Next<TeachersChanged>(message => message.Contacts.Any(contact => contact is { Version: 2, Email: "new@sch.gr" }));
        var act = Assert.Single(await Acts("act=teacher.corrected"));
        Assert.Equal((Scene.Number(13), "phone", "email, schools"), (act.Subject, act.Reason, act.Detail));
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Teacher(13).PutAsJsonAsync(path + "?reason=x", Entry("own@sch.gr", 2))).StatusCode);
    }

    [Fact]
    public async Task The_figures_and_the_search_count_what_stands()
    {
        await using var own = await Scene.Start(6);
        foreach (var teacher in new[] { 1, 2, 3 })
        {
            await own.Put(teacher, "A1", "B1");
        }
        await own.Put(4, "B1");
        await own.Teacher(3).DeleteAsync($"/api/applications/{Scene.P}");
        var figures = await Scene.Json(await own.Office.GetAsync($"/api/applications/{Scene.P}/figures"));
        Assert.Equal((3, 1), ((int)figures["standing"]!, (int)figures["withdrawn"]!));
        Assert.Equal((4, 5), ((int)figures["hours"]![0]!["new"]!, (int)figures["hours"]![0]!["all"]!));
        Assert.Equal(("B2.1", 3), ((string?)figures["clusters"]![0]!["of"], (int)figures["clusters"]![0]!["count"]!));
        Assert.Equal(("GR-01", 3), ((string?)figures["prefectures"]![0]!["of"], (int)figures["prefectures"]![0]!["count"]!));
        Assert.Equal(["A2:0", "FAR:0", "MATH:0", "A1:2", "B1:3"], figures["few"]!.AsArray().Select(few => $"{few!["code"]}:{few["applications"]}"));

        async Task<int> Count(string query) => (int)(await Scene.Json(await own.Office.GetAsync($"/api/applications?period={Scene.P}&{query}")))["total"]!;
        Assert.Equal((4, 3, 1, 2, 3), (await Count(""), await Count("state=standing"), await Count("state=withdrawn"), await Count("programme=A1"), await Count("programme=B1")));
        Assert.Equal((4, 1, 0), (await Count($"q={Uri.EscapeDataString("νικολαου")}"), await Count($"q={Scene.Number(2)}"), await Count("q=nobody")));
        var ticket = await own.Ask<string>($"select ticket from applications where registry_number = '{Scene.Number(4)}'");
        Assert.Equal(1, await Count($"q={ticket!.ToLowerInvariant()}"));
        var csv = await own.Office.GetStringAsync($"/api/applications/export.csv?period={Scene.P}&state=standing");
        Assert.Equal(3, csv.Split('\n').Count(line => line.Contains(",standing,", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Forbidden, (await own.Teacher(1).GetAsync($"/api/applications?period={Scene.P}")).StatusCode);
    }

    [Fact]
    public async Task Previews_of_teachers_and_applications_change_nothing()
    {
        var teachers = Scene.Teachers(["300101", Scene.Number(14)]).Replace($"t{Scene.Number(14)}@sch.gr", "moved@sch.gr", StringComparison.Ordinal) + "300102,,Χωρίς,x,,ΠΕ99,9010001,el,true,true,false,false,false\n";
        var report = await Scene.Json(await scene.Import("/api/teachers/import?preview=true", teachers));
        Assert.Equal("1,1,0,1", $"{report["created"]},{report["updated"]},{report["unchanged"]},{report["rejected"]}");
        Assert.Equal(["4:first_name", "4:email", "4:specialty"], report["faults"]!.AsArray().Select(fault => $"{fault!["line"]}:{fault["column"]}"));
        var changed = report["changes"]!.AsArray().Single(change => !(bool)change!["created"]!)!;
        Assert.Equal($"{Scene.Number(14)} email: t{Scene.Number(14)}@sch.gr → moved@sch.gr", $"{changed["key"]} {string.Join(";", changed["values"]!.AsArray().Select(value => $"{value!["column"]}: {value["before"]} → {value["after"]}"))}");
        Assert.Equal(0L, await scene.Ask<long>("select count(*) from teachers where registry_number = '300101' or email = 'moved@sch.gr'"));

        await scene.Put(15, "B1");
        var lines = $"registry_number,rank,programme\n{Scene.Number(15)},1,A1\n{Scene.Number(15)},2,B1\n{Scene.Number(16)},1,A1\n{Scene.Number(17)},2,FAR\n";
        report = await Scene.Json(await scene.Import($"/api/applications/import?period={Scene.P}&preview=true", lines));
        Assert.Equal("1,1,0,1", $"{report["created"]},{report["updated"]},{report["unchanged"]},{report["rejected"]}");
        Assert.Equal("B1 → A1, B1", report["changes"]!.AsArray().Where(change => !(bool)change!["created"]!).Select(change => $"{change!["values"]![0]!["before"]} → {change["values"]![0]!["after"]}").Single());
        Assert.Equal(0L, await scene.Ask<long>($"select count(*) from applications where registry_number = '{Scene.Number(16)}'"));
        Assert.Equal(1, await scene.Ask<int>($"select version from applications where registry_number = '{Scene.Number(15)}'"));
    }

    async Task<JsonNode> Found(string address) => await Scene.Json(await scene.Office.GetAsync(address));

    async Task<IReadOnlyList<ActView>> Acts(string query) => (await scene.Office.GetFromJsonAsync<IReadOnlyList<ActView>>($"/api/audit?{query}"))!;
}
