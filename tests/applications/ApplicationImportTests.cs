using System.Net;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class ApplicationImportTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    const string Address = $"/api/applications/import?period={Scene.P}";
    readonly Scene scene = fixture.Scene;

    static string File(params string[] rows) => "registry_number,rank,programme\n" + string.Concat(rows.Select(row => row + "\n"));

    static string Number(int teacher) => Scene.Number(teacher);

    [Fact]
    public async Task A_file_is_taken_in_like_the_teachers_own_form_and_again_changes_nothing()
    {
        var own = await ApplicationTests.Receipt(await scene.Put(1, "A2"));
        var csv = File($"{Number(2)},2,B1", $"{Number(1)},1,A1", $"{Number(2)},1,A1", $"{Number(3)},1,B1");
        var report = await Scene.Json(await scene.Import(Address, csv));
        Assert.Equal("2 1 0 0", Counts(report));

        var view = await Scene.Json(await scene.Teacher(2).GetAsync($"/api/applications/{Scene.P}"));
        Assert.Equal(["A1", "B1"], view["preferences"]!.AsArray().Select(code => code!.GetValue<string>()));
        var edited = await Scene.Json(await scene.Teacher(1).GetAsync($"/api/applications/{Scene.P}"));
        Assert.Equal((own.Ticket, 2), (edited["ticket"]!.GetValue<string>(), edited["version"]!.GetValue<int>()));

        Assert.Equal("0 0 3 0", Counts(await Scene.Json(await scene.Import(Address, csv))));
        var tickets = await Task.WhenAll(Enumerable.Range(1, 3).Select(async teacher =>
            (await Scene.Json(await scene.Teacher(teacher).GetAsync($"/api/applications/{Scene.P}")))["ticket"]!.GetValue<string>()));
        await Until.True(() => scene.Service.Bus.Heard<ApplicationsReceived>().SelectMany(message => message.Applications).Count(one => tickets.Contains(one.Ticket)) == 4, "the messages");
        await scene.Service.Bus.Next<Contracts.Imports.ImportFinished>(told => told is { What: "applications", Period: Scene.P, Created: 2, Updated: 1 });
    }

    [Fact]
    public async Task Each_fault_has_its_line_column_and_rule_and_nothing_changes()
    {
        var csv = File($"{Number(11)},1,A1", $"{Number(12)},1,B1", $"{Number(12)},2,A1", $"{Number(13)},1,NONE", $"{Number(14)},1,A1", $"{Number(14)},3,A2",
            "4711,1,A1", $"{Number(15)},x,A1", $"{Number(16)},1,A1,A2", "a b,1,A1", $"{Number(17)},1,MATH", $"{Number(18)},1,A1", $"{Number(18)},2,A1");
        var problem = await Scene.Refused(await scene.Import(Address, csv), 422);
        Assert.Equal(
            ["4|programme R13", "5|programme R7", "7|rank R13", "8|registry_number", "9|rank R13", "10|", "11|registry_number", "12|programme R11", "14|programme R13"],
            problem["faults"]!.AsArray().OrderBy(fault => fault!["line"]!.GetValue<int>()).Select(fault => $"{fault!["line"]}|{fault["column"]} {fault["rule"]}".TrimEnd()));
        Assert.Equal(0, await scene.Ask<long>($"select count(*) from applications where registry_number in ('{Number(11)}', '{Number(12)}')"));

        var report = await Scene.Json(await scene.Import(Address + "&partial=true", csv));
        Assert.Equal("1 0 0 12", Counts(report));
        Assert.Equal(1, await scene.Ask<long>($"select count(*) from applications where registry_number = '{Number(11)}'"));
    }

    [Fact]
    public async Task Thousands_of_faults_are_counted_and_the_first_thousand_listed()
    {
        var problem = await Scene.Refused(await scene.Import(Address, File([.. Enumerable.Range(0, 3000).Select(number => $"9{number:00000},1,A1")])), 422);
        Assert.Equal((3000, 1000), (problem["rejected"]!.GetValue<int>(), problem["faults"]!.AsArray().Count));
    }

    [Fact]
    public async Task Only_the_office_imports_and_only_into_a_known_period_and_a_known_form()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Teacher(1).PostAsync(Address, new StringContent(""))).StatusCode);
        await Scene.Refused(await scene.Import("/api/applications/import?period=NONE", File()), 404);
        await Scene.Refused(await scene.Import("/api/applications/import", File()), 400);
        await Scene.Refused(await scene.Import(Address, "teacher,choice\n1,A1\n"), 422);
        await Scene.Refused(await scene.Office.PostAsync(Address, new StringContent("{}")), 415);
        Assert.Equal("0 0 0 0", Counts(await Scene.Json(await scene.Import(Address, File()))));
    }

    static string Counts(System.Text.Json.Nodes.JsonNode report) => $"{report["created"]} {report["updated"]} {report["unchanged"]} {report["rejected"]}";
}
