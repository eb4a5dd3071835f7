using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EPimorfosi.System.Tests;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>The office runs a period from its pages: from the file with faults to the published results; and two people at the same calendar.</summary>
public sealed class OfficeJourneys(Site site)
{
    const string Programmes = "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n";

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_period_from_the_file_with_faults_to_the_published_results(bool phone)
    {
        var period = phone ? "OFFICE-P" : "OFFICE-D";
        var teacher = await site.NewTeacher();
        await Upcoming(period);
        var page = await Office(phone);

        await Show(page, "/office/imports", phone);
        await Upload(page, "programmes", period, Programmes + Line($"{period}.1", "B2.4") + Line($"{period}.2", "B2.99"));
        await Expect(page.Locator("#rejected")).ToHaveTextAsync("1");
        await Expect(page.Locator("table").First).ToContainTextAsync("cluster");
        await Expect(page.Locator("table").First).ToContainTextAsync("R1");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Εισαγωγή", Exact = true })).ToHaveCountAsync(0); // the whole file waits for its mending
        await Show(page, null, phone, "import-faults");
        Assert.Equal(HttpStatusCode.NotFound, (await site.System.Client.Get($"/api/programmes/{period}.1")).Status);

        await page.GotoAsync("/office/imports");
        await Upload(page, "programmes", period, Programmes + Line($"{period}.1", "B2.4") + Line($"{period}.2", "B2.4"));
        await Expect(page.Locator("#created")).ToHaveTextAsync("2");
        await Show(page, null, phone, "import-preview");
        await Press(page, "Εισαγωγή");
        await Expect(page.Locator("#done")).ToBeVisibleAsync();
        await Show(page, null, phone, "import-done");

        await page.GotoAsync($"/office/period?period={period}");
        await page.Locator("#phase-A-reason").FillAsync("Αρχίζουμε νωρίτερα");
        await Press(page, "Άνοιγμα της Α΄ φάσης τώρα");
        await Expect(page.Locator("[role=status] p")).ToContainTextAsync("Η φάση άλλαξε");
        await Show(page, null, phone, "period");
        await site.UntilKnown(period, teacher, 2);

        await page.GotoAsync($"/office/teachers?period={period}&q={teacher.Number}");
        await Show(page, null, phone, "teachers");
        await page.Locator($"th a[href*='{teacher.Number}']").ClickAsync();
        await page.Locator("summary", new() { HasTextString = "Υποβολή αίτησης" }).ClickAsync();
        await page.Locator($"[name='rank.{period}.2']").FillAsync("1");
        await page.Locator($"[name='rank.{period}.1']").FillAsync("2");
        await page.Locator("[name=teaching]").CheckAsync();
        await page.Locator("#submit-reason").FillAsync("Χάρτινη αίτηση");
        await Press(page, "Υποβολή");
        await Expect(page.Locator("#version")).ToContainTextAsync("1,");
        await Show(page, null, phone, "teacher");
        await page.GotoAsync($"/office/applications?period={period}&q=δοκιμη+{teacher.Number}");
        await Expect(page.Locator("#found")).ToContainTextAsync("1");
        await Show(page, null, phone, "applications");
        await Show(page, $"/office/programmes?period={period}", phone);
        await Show(page, $"/office?period={period}", phone);

        await site.Commitments(period);
        await page.GotoAsync($"/office/draw?period={period}");
        await Expect(page.Locator("#step-commit")).ToContainTextAsync("Περιμένει την οριστικοποίηση");
        await page.GotoAsync($"/office/period?period={period}");
        await page.Locator("#phase-A-reason").FillAsync("Τέλος της δοκιμής");
        await Press(page, "Κλείσιμο της Α΄ φάσης τώρα");
        await Expect(page.Locator("[role=status] p")).ToContainTextAsync("Η φάση άλλαξε");
        await site.UntilFrozen(period);
        await page.GotoAsync($"/office/draw?period={period}");
        await Show(page, null, phone, "draw-frozen");
        await Press(page, "Δέσμευση");
        await Expect(page.Locator("#step-commit")).ToContainTextAsync("office");
        await Expect(page.Locator("#step-run")).ToContainTextAsync("Δεν έχουν αποκαλύψει ακόμη");
        await Show(page, null, phone, "draw-committed");
        await site.Reveals(period);
        await page.ReloadAsync();
        await Press(page, "Διεξαγωγή της κλήρωσης");
        await Press(page, "Δημοσίευση των αποτελεσμάτων");
        await Expect(page.Locator("#step-publish")).ToContainTextAsync("Έγινε");
        await Show(page, null, phone, "draw-published");

        await page.GotoAsync($"/office/audit?period={period}");
        foreach (var act in new[] { "Δημοσίευση των αποτελεσμάτων", "Διεξαγωγή της κλήρωσης", "Κλείσιμο φάσης", "Υποβολή αίτησης για εκπαιδευτικό", "Εισαγωγή προγραμμάτων" })
        {
            await Expect(page.Locator("table")).ToContainTextAsync(act);
        }
        await Show(page, null, phone, "audit");
        await Show(page, "/office/system", phone);
        await Show(page, $"/office/exports?period={period}", phone);
        await Show(page, "/office/period/new", phone, "period-new");
        await Show(page, $"/office/rescue?period={period}", phone, "rescue");
        await Show(page, $"/office/what-if?period={period}", phone, "what-if");
        await page.Context.CloseAsync();
    }

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
