using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>Ways into an account when something is in the way, and out of it for good.</summary>
public sealed class AccessJourneys(Site site)
{
    const string New = "quite another secret";

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_forgotten_password_is_replaced_by_the_link_of_a_letter(bool phone, bool script)
    {
        var teacher = await site.NewTeacher();
        var elsewhere = await site.SignedIn(teacher);
        var page = await site.Visitor(phone, script);
        await page.GotoAsync("/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ξέχασα τον κωδικό μου" }).ClickAsync();
        await Show(page, "forgotten", script);
        await page.Locator("#user-name").FillAsync(teacher.Number);
        await Send(page);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ελέγξτε την αλληλογραφία σας");
        await Show(page, "forgotten-sent", script);
        var link = (await site.LinkIn(teacher.Address, "/new-password")).ToString();
        await page.GotoAsync(link);
        await Show(page, "new-password", script);
        await page.Locator("#password").FillAsync(New);
        await page.Locator("#again").FillAsync("another");
        await Send(page);
        await Expect(page.Locator("#again")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Locator("#password").FillAsync(New);
        await page.Locator("#again").FillAsync(New);
        await Send(page);
        await Expect(page.Locator(".notice--good")).ToContainTextAsync("Ο νέος κωδικός ορίστηκε");
        await Show(page, "new-password-done", script);
        await page.GotoAsync(link);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ο σύνδεσμος δεν ισχύει πια"); // one use
        await Show(page, "new-password-over", script);
        await Site.SignIn(page, teacher.Number, New);
        await Expect(page).ToHaveURLAsync(new Regex("/my$"));
        await elsewhere.GotoAsync("/my");
        await Expect(elsewhere).ToHaveURLAsync(new Regex("/sign-in"));
        await page.Context.CloseAsync();
        await elsewhere.Context.CloseAsync();
    }

    [Fact]
    public async Task Who_is_locked_out_is_told_what_to_do_and_one_session_is_ended_from_another()
    {
        var teacher = await site.NewTeacher();
        var (here, phone) = (await site.SignedIn(teacher), await site.SignedIn(teacher, phone: true));
        await here.GotoAsync("/account");
        await Expect(here.Locator(".sessions li")).ToHaveCountAsync(2);
        await Expect(here.Locator(".sessions__here")).ToContainTextAsync("Εδώ");
        await here.Look("sessions");
        await here.Picture("sessions");
        await here.Locator(".sessions button").ClickAsync();
        await Expect(here.Locator(".notice--good")).ToHaveTextAsync("Η σύνδεση έκλεισε.");
        await Expect(here.Locator(".sessions li")).ToHaveCountAsync(1);
        await phone.GotoAsync("/account");
        await Expect(phone).ToHaveURLAsync(new Regex("/sign-in"));
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await Site.SignIn(phone, teacher.Number, "wrong");
            await Expect(phone.Locator("[role=alert]")).ToContainTextAsync(attempt < 5 ? "δεν είναι σωστός" : "Πολλές αποτυχημένες προσπάθειες");
        }
        await phone.Look("locked out");
        await phone.Picture("locked-out");
        await Site.SignIn(phone, teacher.Number, Site.Secret);
        await Expect(phone.Locator("#until")).ToBeVisibleAsync(); // the right one opens nothing now
        await here.GotoAsync("/my");
        await Expect(here.Locator("header")).ToContainTextAsync(teacher.Number); // who is in, stays in
        await here.Context.CloseAsync();
        await phone.Context.CloseAsync();
    }

    [Fact]
    public async Task An_account_is_erased_once_no_period_holds_it()
    {
        var period = await site.OpenPeriod;
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher);
        var session = await site.System.Client.SignIn(teacher.Number, Site.Secret);
        (await site.System.Client.Put($"/api/applications/{period}", new { preferences = new[] { $"{period}.NET1" }, declarations = new { teachingNow = true } }, session)).Expect(global::System.Net.HttpStatusCode.OK);
        var page = await site.SignedIn(teacher, phone: true);
        await page.GotoAsync($"/my/erase?period={period}");
        await Expect(page.Locator("#held")).ToContainTextAsync(period);
        await page.Look("erase, held");
        (await site.System.Client.Delete($"/api/applications/{period}", session)).Expect(global::System.Net.HttpStatusCode.OK, global::System.Net.HttpStatusCode.NoContent);
        await page.ReloadAsync();
        await page.Look("erase");
        await page.Picture("erase");
        await page.Locator("main form button").ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        await page.Look("erase, not sure");
        await page.Locator("#sure").CheckAsync();
        await page.Locator("main form button").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ο λογαριασμός σας διαγράφηκε");
        await page.Look("erased");
        await Site.SignIn(page, teacher.Number, Site.Secret, "/sign-in");
        await Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    static Task Send(IPage page) => page.Locator("main button[type=submit]").ClickAsync();

    static async Task Show(IPage page, string name, bool script)
    {
        if (script)
        {
            await page.Look(name);
        }
        await page.Picture(name);
    }
}
