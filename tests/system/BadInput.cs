using System.Globalization;
using System.Net;
using System.Text;
using EPimorfosi.Load;

namespace EPimorfosi.System.Tests;

/// <summary>What must not be, through the gateway as a client meets it: a clear problem, nothing changed, never a stack trace.</summary>
[Collection(OneSystem.Name)]
public sealed class BadInput(WholeSystem system)
{
    static int periods = 1;

    [Fact]
    public async Task Each_is_refused_with_its_problem()
    {
        var period = new TestPeriod(system, "BAD-1");
        await period.Prepare(2);
        var teacher = period[period.Teachers.First()];
        var before = await Snapshot(period);

        Refused(await system.Client.Put($"/api/applications/{period.Code}", new { preferences = new[] { "NO.SUCH" }, declarations = new { teachingNow = true } }, teacher), HttpStatusCode.UnprocessableEntity);
        Refused(await system.Client.Put($"/api/applications/{period.Code}", new { preferences = Array.Empty<string>(), declarations = new { teachingNow = true } }, teacher), HttpStatusCode.UnprocessableEntity);
        Refused(await system.Client.Put($"/api/applications/{period.Code}", new { preferences = period.Programmes, declarations = new { teachingNow = false } }, teacher), HttpStatusCode.UnprocessableEntity, "R8");
        Refused(await system.Client.Put($"/api/applications/{period.Code}", "not an object", teacher), HttpStatusCode.BadRequest);
        Refused(await system.Client.Put($"/api/periods/{period.Code}", new { }, teacher), HttpStatusCode.Forbidden);
        Refused(await system.Client.Get($"/api/applications/{period.Code}"), HttpStatusCode.Unauthorized);
        Refused(await system.Client.Post($"/api/claims/{period.Code}", new { preferences = period.Programmes }, teacher), HttpStatusCode.Conflict);
        Refused(await system.Client.Get($"/api/draws/{period.Code}/bundle.zip"), HttpStatusCode.Conflict);
        Refused(await system.Client.Get($"/api/draws/{period.Code}/results.txt"), HttpStatusCode.Conflict);
        Refused(await system.Client.Post($"/api/draws/{period.Code}/run", new { }, system.Office), HttpStatusCode.Conflict);
        Refused(await system.Client.Get("/api/nowhere", system.Office), HttpStatusCode.NotFound);

        Assert.Equal(before, await Snapshot(period));
    }

    [Theory]
    [InlineData("{0}.X,B2.99,IIb,{1},Τίτλος,,,{2},,,", "cluster")]
    [InlineData("{0}.X,B2.4,IIc,{1},Τίτλος,,,{2},,,", "category")]
    [InlineData("{0}.X,B2.4,IIb,nowhere,Τίτλος,,,{2},,,", "centre")]
    [InlineData("{0}.X,B2.4,IIb,{1},Τίτλος,20,10,{2},,,", "max")]
    [InlineData("{0}.X,B2.4,IIb,{1},Τίτλος,,,{2},Tue 17:00,,", "slots")]
    [InlineData("{0}.X,B2.4,IIb,{1},Τίτλος", null)]
    public async Task A_faulty_line_of_a_file_is_named_and_changes_nothing(string line, string? column)
    {
        var period = new TestPeriod(system, $"BAD-{Interlocked.Increment(ref periods)}");
        await period.Prepare(1);
        var school = (await system.Client.Get($"/api/programmes/{period.Programmes[0]}")).Text("centre");
        var before = await Snapshot(period);
        const string Header = "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n";

        var answer = await system.Client.Import($"/api/programmes/import?period={period.Code}", Header
            + Line("{0}.GOOD,B2.4,IIb,{1},Καλό,,,{2},,,") + Line(line), system.Office);

        string Line(string form) => string.Format(CultureInfo.InvariantCulture, form, period.Code, school, DateTimeOffset.UtcNow.AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) + "\n";

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("\"line\":3", answer.Body, StringComparison.Ordinal);
        if (column is not null)
        {
            Assert.Contains($"\"column\":\"{column}\"", answer.Body, StringComparison.Ordinal);
        }
        Assert.Equal(before, await Snapshot(period));
    }

    static void Refused(Answer answer, HttpStatusCode status, string? rule = null)
    {
        answer.ExpectRefusal(status, rule);
        Assert.DoesNotContain("   at ", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
    }

    async Task<string> Snapshot(TestPeriod period)
    {
        var text = new StringBuilder();
        foreach (var number in period.Teachers)
        {
            var application = await system.Client.Get($"/api/applications/{period.Code}", period[number]);
            text.AppendLine(CultureInfo.InvariantCulture, $"{number} {(int)application.Status} {application.Find("version")}");
        }
        return text.Append((await system.Client.Get($"/api/programmes?period={period.Code}&pageSize=200")).Body).ToString();
    }
}
