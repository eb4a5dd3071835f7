using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EPimorfosi.System.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>The office runs a period from its pages: from the file with faults to the published results; and two people at the same calendar.</summary>
public sealed class OfficeJourneys(Site site)
{
    const string Programmes = "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n";

    [Fact]
    public async Task Of_two_people_at_the_same_calendar_the_second_is_told_and_nothing_is_overwritten()
    {
        await Upcoming("OFFICE-T");
        var (first, second) = (await Office(false), await Office(false));
        foreach (var page in new[] { first, second })
        {
            await page.GotoAsync("/office/period?period=OFFICE-T");
        }
        await first.Locator("#title-en").FillAsync("The first one's title");
        await first.Locator("#groupMaximum").FillAsync("12");
        await Press(first, "Αποθήκευση");
        await Expect(first.Locator("[role=status] p")).ToContainTextAsync("αποθηκεύθηκαν");

        await second.Locator("#title-el").FillAsync("Ο τίτλος του δεύτερου");
        await second.Locator("#groupMaximum").FillAsync("14");
        await Press(second, "Αποθήκευση");
        await Expect(second.Locator("[role=alert]")).ToContainTextAsync("Δεν αποθηκεύθηκε τίποτε");
        await Expect(second.Locator("[role=alert]")).ToContainTextAsync("εσείς γράψατε: 14");
        await Expect(second.Locator("#title-en")).ToHaveValueAsync("The first one's title");
        await Expect(second.Locator("#title-el")).ToHaveValueAsync("Ο τίτλος του δεύτερου");
        await Show(second, null, false, "period-overtaken");
        Assert.Equal("Δοκιμή OFFICE-T", (await site.System.Client.Get("/api/periods/OFFICE-T")).Json.GetProperty("title").GetProperty("el").GetString());

        await Press(second, "Αποθήκευση και των δικών μου αλλαγών");
        await Expect(second.Locator("[role=status] p")).ToContainTextAsync("αποθηκεύθηκαν");
        var now = (await site.System.Client.Get("/api/periods/OFFICE-T")).Json;
        Assert.Equal(("Ο τίτλος του δεύτερου", "The first one's title", 14),
            (now.GetProperty("title").GetProperty("el").GetString(), now.GetProperty("title").GetProperty("en").GetString(), now.GetProperty("groupMaximum").GetInt32()));
        await first.Context.CloseAsync();
        await second.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_a_file_is_checked_and_imported_and_every_form_has_its_token()
    {
        await Upcoming("OFFICE-N");
        var page = await Office(false, script: false);
        await page.GotoAsync("/office/imports");
        await Upload(page, "programmes", "OFFICE-N", Programmes + Line("OFFICE-N.1", "B2.4"));
        await Press(page, "Εισαγωγή");
        await Expect(page.Locator("#done")).ToBeVisibleAsync();
        foreach (var path in new[] { "/office/imports", "/office/period?period=OFFICE-N", "/office/period/new", "/office/draw?period=OFFICE-N", "/office/system" })
        {
            await page.GotoAsync(path);
            var forms = page.Locator("form[method=post]");
            for (var form = await forms.CountAsync() - 1; form >= 0; form--)
            {
                await Expect(forms.Nth(form).Locator("input[name=__RequestVerificationToken]")).ToHaveCountAsync(1);
            }
        }
        await page.Context.CloseAsync();
    }

    async Task<IPage> Office(bool phone, bool script = true)
    {
        var page = await site.Visitor(phone, script);
        await Site.SignIn(page, "office", WholeSystem.OfficePassword);
        await Expect(page.Locator("header")).ToContainTextAsync("office");
        return page;
    }

    /// <summary>A period whose phase A is still to come.</summary>
    async Task Upcoming(string code)
    {
        var now = DateTimeOffset.UtcNow;
        (await site.System.Client.Put($"/api/periods/{code}", new
        {
            title = new { el = $"Δοκιμή {code}", en = $"Trial {code}" },
            level = "B2",
            firstDay = now.AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            lastDay = now.AddDays(200).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            phaseA = new { opens = now.AddDays(1), closes = now.AddDays(10) },
            drawAt = now.AddDays(11),
            phaseB = new { opens = now.AddDays(12), closes = now.AddDays(20) },
            enrolment = new { opens = now.AddDays(21), closes = now.AddDays(30) },
            groupMinimum = 1,
            groupMaximum = 15,
            policy = new { objectionHours = 0 },
        }, site.System.Office)).Expect(HttpStatusCode.Created);
    }

    string Line(string code, string cluster) => string.Create(CultureInfo.InvariantCulture, $"{code},{cluster},IIb,{site.School},Πρόγραμμα {code},,,{DateTime.UtcNow.AddDays(60):yyyy-MM-dd},Tue 17:00|Thu 17:00,,\n");

    static async Task Upload(IPage page, string kind, string period, string file)
    {
        await page.Locator($"#period-{kind}").SelectOptionAsync(period);
        await page.Locator($"#file-{kind}").SetInputFilesAsync(new FilePayload { Name = $"{kind}.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(file) });
        await page.Locator($"form:has(#file-{kind}) button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/office/imports/[0-9a-f-]+$"));
    }

    static Task Press(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>The page under axe, and its picture.</summary>
    static async Task Show(IPage page, string? path, bool phone, string? name = null)
    {
        if (path is not null)
        {
            await page.GotoAsync(path);
        }
        name ??= path!.Split('?')[0].Trim('/').Replace('/', '-');
        await page.Look($"{name}, {(phone ? "phone" : "desktop")}");
        await page.Picture(name.StartsWith("office", StringComparison.Ordinal) ? name : $"office-{name}");
    }
}
