using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>Announcements, frequent questions, the help desk and messages, as teachers, guests and the office see them; and the letters themselves.</summary>
public sealed class NewsAndHelp(Site site)
{
    [Fact]
    public async Task A_guest_asks_the_office_answers_and_both_see_it()
    {
        await Faq("Εγγραφή: ώς πότε την επιβεβαιώνω;", "Μέσα σε **πέντε ημέρες** από το αποτέλεσμα.");
        var guest = await site.Visitor(phone: true);
        await guest.GotoAsync("/faq?q=εγγραφη");
        await Expect(guest.Locator("summary", new() { HasTextString = "Εγγραφή: ώς πότε" })).ToBeVisibleAsync();
        await guest.Look("faq");
        await guest.Picture("faq");
        await guest.GotoAsync("/help");
        await guest.Locator("#subject").FillAsync("εγγραφη ποτε");
        await Expect(guest.Locator("#suggestions")).ToContainTextAsync("Εγγραφή: ώς πότε");
        await guest.Locator("#name").FillAsync("Άννα <Δοκιμή>");
        await guest.Locator("#email").FillAsync("guest@sch.test");
        await guest.Locator("#text").FillAsync("Δεν βρίσκω πού επιβεβαιώνω την εγγραφή μου.");
        await guest.Look("help");
        await guest.Picture("help");
        await guest.Locator("main button[type=submit]").ClickAsync();
        await Expect(guest.Locator("main h1")).ToContainTextAsync("Επιβεβαιώστε");
        await guest.GotoAsync((await site.LinkIn("guest@sch.test", "/help/thread/")).ToString());
        await guest.Locator("main button[type=submit]").ClickAsync();
        await Expect(guest.Locator("main button[type=submit]")).ToHaveTextAsync("Αποστολή");

        var office = await Office();
        await office.GotoAsync("/office/help");
        await office.Look("desk");
        await office.Picture("desk");
        await office.Locator("main td a").Last.ClickAsync();
        await Expect(office.Locator("main")).ToContainTextAsync("Άννα <Δοκιμή>");
        await office.Locator("#text").FillAsync("Στη σελίδα «Η αίτησή μου», μετά την ανακοίνωση των αποτελεσμάτων.");
        await office.Look("desk-thread");
        await office.Picture("desk-thread");
        await office.Locator("button[value=answer]").ClickAsync();
        await Expect(office.Locator(".thread li")).ToHaveCountAsync(2);

        await guest.ReloadAsync();
        await Expect(guest.Locator(".thread li")).ToHaveCountAsync(2);
        await guest.Look("thread");
        await guest.Picture("thread");
        await Letters("guest@sch.test", 3, "question");
        await Task.WhenAll(guest.Context.CloseAsync(), office.Context.CloseAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_office_writes_news_and_sees_what_was_sent(bool phone)
    {
        var office = await Office(phone);
        await office.GotoAsync("/office/news/announcement");
        await office.Locator("#titleEl").FillAsync("Παράταση της Α΄ φάσης");
        await office.Locator("#textEl").FillAsync("Η υποβολή παρατείνεται έως την **Παρασκευή**.\n\n- στη συστάδα Β2.4\n- σε όλους τους νομούς");
        await office.Locator("#cluster").SelectOptionAsync("B2.4");
        await office.Locator("button[value=preview]").ClickAsync();
        await Expect(office.Locator("section.news__preview strong")).ToHaveTextAsync("Παρασκευή");
        await office.Look("announcement-form");
        await office.Picture("announcement-form");
        await office.Locator("button[value=publish]").ClickAsync();
        await Expect(office).ToHaveURLAsync($"{site.Address}office/news");
        foreach (var (path, name) in new[] { ("/office/news", "office-news"), ("/office/news/question", "question-form"), ("/office/messages?kind=Placed", "previews"), ("/office/messages/sent", "sent"), ("/announcements", "announcements") })
        {
            await office.GotoAsync(path);
            await office.Look(path);
            await office.Picture(name);
        }
        await office.Context.CloseAsync();
    }

    [Fact]
    public async Task A_long_announcement_sent_after_the_session_ended_is_not_lost()
    {
        var text = string.Join("\n\n", Enumerable.Range(1, 60).Select(n => $"{n}. Η υποβολή των αιτήσεων παρατείνεται· τα κέντρα ανακοινώνουν το πρόγραμμά τους ({Guid.NewGuid()})."));
        var office = await Office();
        await office.GotoAsync("/office/news/announcement");
        await office.Locator("#titleEl").FillAsync("Ανακοίνωση μετά τη λήξη");
        await office.Locator("#textEl").FillAsync(text);
        await office.Context.ClearCookiesAsync(new() { Name = "epimorfosi" });
        await office.Locator("button[value=preview]").ClickAsync();
        await Expect(office).ToHaveURLAsync(new Regex("/sign-in"));
        await Site.SignIn(office, "office", "Office-of-the-tests-7!");
        await Expect(office.Locator("h1")).ToHaveTextAsync("Συνδεθήκατε ξανά");
        await office.Locator("main button[type=submit]").ClickAsync();
        await Expect(office.Locator("section.news__preview li")).ToHaveCountAsync(60);
        await Expect(office.Locator("#textEl")).ToHaveValueAsync(text);
        await office.Context.CloseAsync();
    }

    [Theory]
    [InlineData(false, "el-GR")]
    [InlineData(true, "en-GB")]
    public async Task A_teacher_sees_all_that_was_sent_and_wishes_otherwise(bool phone, string language)
    {
        var period = await site.OpenPeriod;
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher);
        var session = await site.System.Client.SignIn(teacher.Number, Site.Secret);
        (await site.System.Client.Put("/api/messages/preferences", new { language = language[..2], sms = true, announcements = true }, session)).Expect(HttpStatusCode.OK);
        (await site.System.Client.Put($"/api/applications/{period}", new { preferences = new[] { $"{period}.LOCAL1", $"{period}.NET1" }, declarations = new { teachingNow = true } }, session))
            .Expect(HttpStatusCode.OK);
        await Letters(teacher.Address, 1, $"receipt-{language[..2]}");
        var page = await site.SignedIn(teacher, phone, language: language);
        await page.GotoAsync("/messages");
        await page.Locator("details summary").First.ClickAsync();
        await page.Locator("#from").FillAsync("22:00");
        await page.Locator("#to").FillAsync("07:00");
        await page.Locator("main form button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=status] strong")).ToBeVisibleAsync();
        await page.Look("messages");
        await page.Picture("messages");
        await page.Context.CloseAsync();
    }

    async Task<IPage> Office(bool phone = false)
    {
        var page = await site.Visitor(phone);
        await Site.SignIn(page, "office", "Office-of-the-tests-7!");
        await Expect(page.Locator("header .account__who")).ToBeVisibleAsync();
        return page;
    }

    async Task Faq(string question, string answer) =>
        (await site.System.Client.Post("/api/faq", new { category = "Εγγραφές", question = new { el = question, en = "" }, answer = new { el = answer, en = "" } }, site.System.Office)).Expect(HttpStatusCode.Created);

    /// <summary>The newest letter to an address as it is read: at a desk and on a phone, by day and by night.</summary>
    async Task Letters(string address, int count, string name)
    {
        using var http = new HttpClient { BaseAddress = site.System.Mail.Address };
        var html = "";
        await Until.True(async () =>
        {
            await Task.Delay(100);
            var all = await http.GetFromJsonAsync<JsonElement>("/api/email?limit=500");
            var theirs = (all.ValueKind == JsonValueKind.Array ? all : all.GetProperty("items")).EnumerateArray().Where(mail => mail.GetProperty("to")[0].GetProperty("address").GetString() == address).ToList();
            html = theirs.Count > 0 ? theirs.MaxBy(mail => mail.GetProperty("time").GetString())!.GetProperty("html").GetString() : "";
            return theirs.Count >= count;
        }, $"{count} letters to {address}", 60);
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Light), (390, ColorScheme.Dark), (1280, ColorScheme.Dark) })
        {
            var context = await site.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 844 }, ColorScheme = scheme });
            var page = await context.NewPageAsync();
            await page.SetContentAsync(html!);
            await page.Picture($"letter-{name}-{(scheme == ColorScheme.Dark ? "dark" : "light")}");
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, $"the letter {name} is wider than {width} px");
            await context.CloseAsync();
        }
    }
}
