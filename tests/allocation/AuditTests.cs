using System.IO.Compression;
using System.Net;
using System.Text.Json;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The download for the committee: everything that was public, and a report that says it in words (R17, R24, R31).</summary>
public sealed class AuditTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    static readonly DateTimeOffset Closed = new(2023, 1, 17, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_holds_every_draw_what_was_struck_the_log_the_software_and_a_report_in_two_languages()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        await Stage.Refused(409, stage.Get("/audit.zip"));
        await stage.PublishPeriod(version: 2, overrides: new Contracts.Programmes.PeriodOverride("phaseA.closes", "2023-01-18T21:59:59Z", "2023-01-20T21:59:59Z", "Παράταση λόγω κακοκαιρίας.", "Μαρία", Closed));
        await Stage.Ok(stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", new { reason = "Δεν κατέχει πιστοποίηση <Β1> επιπέδου." }));
        await stage.PublishAgain();
        await Stage.Ok(stage.Act("office", "office", "repeat", new { reason = "Δικαστική απόφαση 123/2023." }));
        await stage.PublishAgain();

        var answer = await stage.Get("/audit.zip");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var files = zip.Entries.ToDictionary(entry => entry.FullName, entry => new StreamReader(entry.Open()).ReadToEnd());
        Assert.Equal(["announced-applications.txt", "ceremony.json", "draw-1/applications.txt", "draw-1/draw.json", "draw-1/programmes.txt", "draw-1/results.txt", "draw-1/struck.txt",
            "draw-2/applications.txt", "draw-2/draw.json", "draw-2/programmes.txt", "draw-2/results.txt", "draw-2/struck.txt",
            "log.txt", "overrides.json", "rehearsals.json", "report.el.html", "report.en.html", "software.json"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(stage.ApplicationsTxt, files["announced-applications.txt"]);
        Assert.Equal(await (await stage.Get("/results.txt?draw=1")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), files["draw-1/results.txt"]);
        Assert.All(["Δικαστική απόφαση 123/2023.", "Παράταση λόγω κακοκαιρίας."], reason => Assert.Contains(reason, files["overrides.json"], StringComparison.Ordinal));
        Assert.NotEmpty(JsonDocument.Parse(files["software.json"]).RootElement.GetProperty("version").GetString()!);
        foreach (var (report, title) in new[] { ("report.el.html", "Έκθεση κλήρωσης"), ("report.en.html", "Report on the draw") })
        {
            Assert.All([title, stage.Period, Stage.Sha256(files["draw-2/applications.txt"]), JsonDocument.Parse(files["draw-2/draw.json"]).RootElement.GetProperty("seed").GetString()!,
                "Δικαστική απόφαση 123/2023.", "Παράταση λόγω κακοκαιρίας.", "Δεν κατέχει πιστοποίηση &lt;Β1&gt; επιπέδου.", Stage.Secrets[0], "Auditor 1"],
                text => Assert.Contains(text, files[report], StringComparison.Ordinal));
            Assert.DoesNotContain("Report.", files[report], StringComparison.Ordinal); // a key without a text
        }
        Assert.DoesNotMatch("[Α-Ωα-ω]{4,} [Α-Ωα-ω]{4,}", System.Text.RegularExpressions.Regex.Replace(files["report.en.html"], "Δικαστική απόφαση|Παράταση λόγω κακοκαιρίας|Δεν κατέχει πιστοποίηση &lt;Β1&gt; επιπέδου", ""));
    }
}
