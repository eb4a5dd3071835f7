using System.Globalization;
using System.Net;
using System.Text;
using EPimorfosi.Load;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>150,000 applications from one file to a frozen book in the other service (R17), through all processes. It asserts no time. Run with <c>-explicit only</c>.</summary>
[Collection(OneSystem.Name)]
public sealed class LargeFreeze(WholeSystem system, ITestOutputHelper output)
{
    const string P = "B2-LARGE";

    [Fact(Explicit = true)]
    public async Task The_digest_of_150_000_applications_is_the_same_in_both_services()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("EPIMORFOSI_LARGE") ?? "150000", CultureInfo.InvariantCulture);
        await system["notifications"].KillAsync(); // its letters wait in the queue; the catcher need not hold them all
        var now = DateTimeOffset.UtcNow;
        (await system.Client.Put($"/api/periods/{P}", new
        {
            title = new { el = "Μεγάλη", en = "Large" },
            level = "B2",
            firstDay = now.AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            lastDay = now.AddDays(180).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            phaseA = new { opens = now.AddMinutes(-1), closes = now.AddDays(10) },
            drawAt = now.AddDays(11),
            phaseB = new { opens = now.AddDays(12), closes = now.AddDays(20) },
            enrolment = new { opens = now.AddDays(21), closes = now.AddDays(30) },
            groupMinimum = 10,
            groupMaximum = 15,
            policy = new { objectionHours = 0 },
        }, system.Office)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        var school = (await system.Client.Get("/api/reference/schools?q=ΓΥΜΝΑΣΙΟ&pageSize=1")).Expect(HttpStatusCode.OK).Json.GetProperty("items")[0].GetProperty("code").GetString()!;
        await Import($"/api/programmes/import?period={P}", "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures",
            Enumerable.Range(0, 300).Select(number => string.Create(CultureInfo.InvariantCulture, $"{Code(number)},B2.4,IIb,{school},Πληροφορική,,,{now.AddDays(60):yyyy-MM-dd},,,")));
        await Until.True(async () => (await system.Client.Import("/api/teachers/import", Csv(TeacherColumns, Teachers(1, school)), system.Office)).Status == HttpStatusCode.OK, "the schools to be known to applications", 60);
        await Import("/api/teachers/import", TeacherColumns, Teachers(count, school));
        await Until.True(async () => (await system.Client.Import($"/api/applications/import?period={P}", Csv("registry_number,rank,programme", List(0)), system.Office)).Status == HttpStatusCode.OK, "the catalogue to reach applications", 60);
        await Import($"/api/applications/import?period={P}", "registry_number,rank,programme", Enumerable.Range(0, count).SelectMany(List));

        var started = DateTime.UtcNow;
        (await system.Client.Post($"/api/periods/{P}/phase", new { phase = "A", state = "closed", reason = "Δοκιμή" }, system.Office)).Expect(HttpStatusCode.OK);
        await Until.True(async () => (await system.Client.Get($"/api/draws/{P}")) is { Status: HttpStatusCode.OK } answer && answer.Text("state") == "Frozen", "the book to be complete", 300);
        output.WriteLine($"frozen and found equal {(DateTime.UtcNow - started).TotalSeconds:0.0} s after the close");
        var (theirs, ours) = ((await system.Client.Get($"/api/applications/{P}/frozen")).Expect(HttpStatusCode.OK), (await system.Client.Get($"/api/draws/{P}")).Expect(HttpStatusCode.OK));
        output.WriteLine($"applications: {theirs.Number("count")} {theirs.Text("sha256")}; allocation: {ours.Number("applications")} {ours.Text("applicationsSha256")}; asked again {ours.Json.GetProperty("book").GetProperty("asked")} times");
        Assert.Equal((count, theirs.Text("sha256")), ((int)ours.Number("applications"), ours.Text("applicationsSha256")));
        Assert.Equal(theirs.Text("sha256"), SecondDraw.Digest((await system.Client.Get($"/api/draws/{P}/applications.txt")).Expect(HttpStatusCode.OK).Body));
    }

    const string TeacherColumns = "registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2";

    static string Code(int number) => string.Create(CultureInfo.InvariantCulture, $"{P}-{number:000}");

    static string Number(int teacher) => (700_000 + teacher).ToString(CultureInfo.InvariantCulture);

    static IEnumerable<string> Teachers(int count, string school) =>
        Enumerable.Range(0, count).Select(teacher => $"{Number(teacher)},Άννα,Δοκιμή,t{teacher}@sch.test,,ΠΕ86,{school},el,true,true,false,false,false");

    static IEnumerable<string> List(int teacher) =>
        Enumerable.Range(1, 10).Select(rank => string.Create(CultureInfo.InvariantCulture, $"{Number(teacher)},{rank},{Code((teacher * 7 + rank * 13) % 300)}"));

    static string Csv(string columns, IEnumerable<string> rows) => new StringBuilder(columns).Append('\n').AppendJoin('\n', rows).Append('\n').ToString();

    async Task Import(string path, string columns, IEnumerable<string> rows)
    {
        var (csv, started) = (Csv(columns, rows), DateTime.UtcNow);
        (await system.Client.Import(path, csv, system.Office)).Expect(HttpStatusCode.OK);
        output.WriteLine($"{path} {csv.Length / 1048576.0:0.0} MiB: {(DateTime.UtcNow - started).TotalSeconds:0.0} s");
    }
}
