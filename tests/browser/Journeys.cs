using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>A teacher's way through phase A, in a real browser and against the real services (R7-R15).</summary>
public sealed class Journeys(Site site) : IAsyncLifetime
{
    string period = "";

    string Code(string name) => $"{period}.{name}";

    public async ValueTask InitializeAsync() => period = await site.OpenPeriod;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task From_the_invitation_to_the_receipt(bool phone, bool script)
    {
        var teacher = await site.NewTeacher(invited: true);
        var page = await site.Visitor(phone, script);
        await page.GotoAsync((await site.LinkIn(teacher.Address, "/invitation")).ToString());
        if (script) { await page.Look("invitation"); }
        await page.Locator("#password").FillAsync(Site.Secret);
        await page.Locator("#again").FillAsync(Site.Secret);
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/my$"));
        await Expect(page.Locator("header")).ToContainTextAsync($"{teacher.Number}");
        await Expect(page.Locator("header")).ToContainTextAsync("εκπαιδευτικός");
        await site.UntilKnown(period, teacher);
        await Show(page, "/my", "my", script);
        await Expect(page.Locator("#standing")).ToContainTextAsync("Δεν έχετε υποβάλει");

        await Show(page, "/my/eligibility", "eligibility", script);
        await Expect(page.Locator("#verdict")).ToContainTextAsync("Μπορείτε να υποβάλετε");

        await Show(page, "/my/programmes", "programmes", script);
        await Expect(page.Locator(".card")).ToHaveCountAsync(5);
        foreach (var name in new[] { "NET1", "LOCAL1", "NET2", "LOCAL2" })
        {
            await Press(page, $"add:{Code(name)}");
            await Expect(Button(page, $"remove:{Code(name)}")).ToBeVisibleAsync();
        }
        await Show(page, "/my/programmes?show=all", "programmes-all", script);
        await Expect(page.Locator(".card")).ToHaveCountAsync(6);
        await Expect(page.Locator($"[id='p-{Code("FAR")}']")).ToContainTextAsync("μόνο σε εκπαιδευτικούς με σχολείο στον νομό");

        await Show(page, "/my/application", "application", script);
        await Ranked(page, "LOCAL1", "LOCAL2", "NET1", "NET2"); // R13: whatever the order of adding
        await Expect(Button(page, $"up:{Code("NET1")}")).ToBeDisabledAsync();
        await Expect(Button(page, $"down:{Code("LOCAL2")}")).ToBeDisabledAsync();
        await Press(page, $"up:{Code("LOCAL2")}");
        await Ranked(page, "LOCAL2", "LOCAL1", "NET1", "NET2");
        await Press(page, $"down:{Code("NET1")}");
        await Ranked(page, "LOCAL2", "LOCAL1", "NET2", "NET1");
        await Press(page, $"remove:{Code("NET1")}");
        await Ranked(page, "LOCAL2", "LOCAL1", "NET2");
        await page.Locator("summary", new() { HasTextString = "Ημέρες που δεν μπορείτε" }).ClickAsync();
        await page.Locator("input[value=Tue]").CheckAsync();
        await Press(page, "days");
        await Expect(page.Locator($"[id='p-{Code("LOCAL1")}'] .clash")).ToContainTextAsync("Τρίτη");
        await Expect(page.Locator(".clash")).ToHaveCountAsync(1);
        await Show(page, "/my/application", "application-ranked", script);

        await Show(page, "/my/application/review", "review", script);
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("δηλώσετε ότι υπηρετείτε");
        if (script) { await page.Look("review, not declared"); }
        await page.Locator("#teaching").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#receipt")).ToHaveTextAsync("Η αίτησή σας υποβλήθηκε");
        var ticket = await page.Locator("#ticket").InnerTextAsync();
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{16}$", ticket);
        await Show(page, null, "receipt", script);
        await Expect(page.Locator("ol.review li")).ToHaveTextAsync([new Regex("LOCAL2"), new Regex("LOCAL1"), new Regex("NET2")]);

        await page.GotoAsync(With("/my/application/withdraw"));
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#receipt")).ToHaveTextAsync("Η αίτηση αποσύρθηκε");
        await page.GotoAsync(With("/my/application"));
        await Press(page, $"up:{Code("LOCAL1")}");
        await Ranked(page, "LOCAL1", "LOCAL2", "NET2");
        await page.GotoAsync(With("/my/application/review"));
        await page.Locator("#teaching").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#version")).ToHaveTextAsync("3");
        Assert.Equal(ticket, await page.Locator("#ticket").InnerTextAsync()); // R14, I9
        await Show(page, "/my/history", "history", script);
        await Expect(page.Locator(".steps li")).ToHaveCountAsync(3);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Applying_by_keyboard_alone()
    {
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher);
        var page = await site.Visitor();
        await page.GotoAsync("/sign-in");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".govgr--skip-link")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("#main$"));
        await TabTo(page, "#user-name");
        await page.Keyboard.TypeAsync(teacher.Number);
        await TabTo(page, "#password");
        await page.Keyboard.TypeAsync(Site.Secret);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/my$"));
        await page.GotoAsync(With("/my/programmes"));
        foreach (var name in new[] { "NET1", "NET2" })
        {
            await TabTo(page, $"button[value='add:{Code(name)}']");
            await page.Keyboard.PressAsync("Enter");
            await Expect(Button(page, $"remove:{Code(name)}")).ToBeVisibleAsync();
        }
        await page.GotoAsync(With("/my/application"));
        await TabTo(page, $"button[value='up:{Code("NET2")}']");
        await page.Keyboard.PressAsync("Space");
        await Ranked(page, "NET2", "NET1");
        await Expect(page.Locator("#said")).ToContainTextAsync("είναι τώρα στη θέση 1"); // said to those who do not see it
        await Expect(page.Locator($"[id='p-{Code("NET2")}']")).ToBeFocusedAsync(); // its button is at the end of its way
        await TabTo(page, "a[href*='/my/application/review']");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#teaching")).ToBeVisibleAsync();
        await TabTo(page, "#teaching");
        await page.Keyboard.PressAsync("Space");
        await TabTo(page, "main button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#receipt")).ToHaveTextAsync("Η αίτησή σας υποβλήθηκε");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Reordering_by_dragging()
    {
        var (page, _) = await WithList("NET1", "NET2", "NET3");
        await page.SetViewportSizeAsync(1280, 1800); // all of the list at once
        await page.GotoAsync(With("/my/application"));
        var from = (await page.Locator($"[id='p-{Code("NET3")}'] .ranking__handle").BoundingBoxAsync())!;
        var to = (await page.Locator($"[id='p-{Code("NET1")}']").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(from.X + 5, from.Y + 5);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from.X + 5, to.Y + to.Height + 20, new() { Steps = 5 });
        await page.Mouse.MoveAsync(from.X + 5, to.Y + 4, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator("#said")).ToContainTextAsync("είναι τώρα στη θέση 1");
        await page.ReloadAsync();
        await Ranked(page, "NET3", "NET1", "NET2");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("teaching", "δεν υπηρετείτε")]
    [InlineData("b1", "Απαιτείται πιστοποίηση Β1")]
    [InlineData("prior", "Έχετε ήδη ολοκληρώσει")]
    [InlineData("pake", "ΠΑΚΕ")]
    [InlineData("b2", "επιμόρφωση Β2")]
    public async Task Refused_by_a_rule_before_anything_is_filled_in(string but, string reason)
    {
        var teacher = await site.NewTeacher(but);
        await site.UntilKnown(period, teacher);
        var page = await site.SignedIn(teacher);
        await page.GotoAsync(With("/my"));
        await Expect(page.Locator("#standing")).ToContainTextAsync("δεν πληρούνται");
        await Show(page, "/my/eligibility", $"eligibility-{but}", true);
        await Expect(page.Locator(".rules__no")).ToHaveCountAsync(1);
        await Expect(page.Locator(".rules__no")).ToContainTextAsync(reason);
        await Expect(page.Locator(".rules__no")).ToContainTextAsync("Τι μπορείτε να κάνετε:");
        await page.GotoAsync(With("/my/programmes"));
        await Expect(page.Locator("button[value^='add:']")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_form_sent_after_the_session_ended_is_not_lost()
    {
        var (page, teacher) = await WithList("NET1");
        await page.GotoAsync(With("/my/programmes"));
        await page.Context.ClearCookiesAsync(new() { Name = "epimorfosi" });
        await Press(page, $"add:{Code("NET2")}");
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in"));
        await Site.SignIn(page, teacher.Number, Site.Secret);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Συνδεθήκατε ξανά");
        await page.Look("continue");
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(Button(page, $"remove:{Code("NET2")}")).ToBeVisibleAsync();
        await page.GotoAsync(With("/my/application"));
        await Ranked(page, "NET1", "NET2");

        await page.GotoAsync("/my/data");
        await page.Locator("#mobile").FillAsync("6971234567");
        await page.Context.ClearCookiesAsync(new() { Name = "epimorfosi" });
        await page.Locator("main form.govgr-form button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in"));
        await Site.SignIn(page, teacher.Number, Site.Secret);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Συνδεθήκατε ξανά");
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/my/data.*saved=yes"));
        await Expect(page.Locator("#mobile")).ToHaveValueAsync(new Regex("6971234567"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Of_two_windows_the_second_is_told_and_nothing_is_overwritten()
    {
        var (first, _) = await WithList("NET1", "NET2", "NET3");
        await first.GotoAsync(With("/my/application"));
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync(With("/my/application"));
        var review = await first.Context.NewPageAsync();
        await review.GotoAsync(With("/my/application/review"));
        await Press(first, $"up:{Code("NET3")}");
        await Ranked(first, "NET1", "NET3", "NET2");

        await Press(second, $"remove:{Code("NET1")}");
        await Expect(second.Locator("[role=alert]")).ToContainTextAsync("άλλαξε σε άλλο παράθυρο");
        await Expect(second.Locator("[role=alert]")).ToBeFocusedAsync();
        await Ranked(second, "NET1", "NET3", "NET2");
        await second.Look("overtaken");
        await second.Picture("overtaken");
        await Press(second, $"remove:{Code("NET1")}");
        await Ranked(second, "NET3", "NET2");

        await review.Locator("#teaching").CheckAsync(); // it still shows the first list
        await review.Locator("main button[type=submit]").ClickAsync();
        await Expect(review.Locator("[role=alert]")).ToContainTextAsync("άλλαξε σε άλλο παράθυρο");
        await Expect(review.Locator("ol.review li")).ToHaveCountAsync(2);
        await first.GotoAsync(With("/my/receipt"));
        await Expect(first.Locator("main")).ToContainTextAsync("Δεν έχετε υποβάλει");
        await first.Context.CloseAsync();
    }

    [Fact]
    public async Task An_application_that_the_office_changed_meanwhile_is_not_overwritten() // R31
    {
        var (page, teacher) = await WithList("NET1", "NET2");
        await Submit(page);
        await page.GotoAsync(With("/my/application"));
        await Press(page, $"remove:{Code("NET1")}");
        await Ranked(page, "NET2");
        (await site.System.Client.Put($"/api/applications/{period}?teacher={teacher.Number}&reason=paper", new { preferences = new[] { Code("NET3") }, declarations = new { teachingNow = true } }, site.System.Office))
            .Expect(HttpStatusCode.OK);
        await page.GotoAsync(With("/my/application/review"));
        await page.Locator("#teaching").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("άλλαξε");
        await page.GotoAsync(With("/my/application"));
        await page.Picture("application-changed-elsewhere");
        await Press(page, "reload");
        await Ranked(page, "NET3");
        await page.GotoAsync(With("/my/history"));
        await Expect(page.Locator(".steps li").First).ToContainTextAsync("office");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submitting_twice_is_one_submission(bool script)
    {
        var (page, _) = await WithList(script, "NET1");
        await page.GotoAsync(With("/my/application/review"));
        await page.Locator("#teaching").CheckAsync();
        var button = (await page.Locator("main button[type=submit]").BoundingBoxAsync())!;
        await page.Mouse.DblClickAsync(button.X + 10, button.Y + 10);
        await Expect(page.Locator("#receipt")).ToHaveTextAsync("Η αίτησή σας υποβλήθηκε");
        await page.GotoAsync(With("/my/history"));
        await Expect(page.Locator(".steps li")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Contacts_are_corrected_and_a_copy_of_all_data_is_taken_along()
    {
        var (page, teacher) = await WithList("NET1");
        await Submit(page);
        await Show(page, "/my/data", "data", true);
        await page.Locator("#email").FillAsync("not an address");
        await page.EvaluateAsync("document.querySelector('#email').form.noValidate = true");
        await page.Locator("main form[method=post] button").ClickAsync();
        await Expect(page.Locator("#email")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Look("data, refused");
        await page.Locator("#email").FillAsync("new@sch.test");
        await page.Locator("#mobile").FillAsync("+30 690 0000000");
        await page.Locator("main form[method=post] button").ClickAsync();
        await Expect(page.Locator("[role=status]").First).ToContainTextAsync("αποθηκεύτηκαν");
        await page.ReloadAsync();
        await Expect(page.Locator("#mobile")).ToHaveValueAsync("+306900000000");
        var copy = await page.Context.APIRequest.GetAsync(new Uri(site.Address, "/my/data.json").ToString());
        var json = (await copy.JsonAsync())!.Value;
        Assert.Equal("new@sch.test", json.GetProperty("kept").GetProperty("teacher").GetProperty("email").GetString());
        Assert.Equal(teacher.Number, json.GetProperty("account").GetProperty("userName").GetString());
        Assert.Equal(1, json.GetProperty("kept").GetProperty("receipts").GetArrayLength());
        Assert.Equal(1, json.GetProperty("drafts").GetArrayLength());
        await page.Context.CloseAsync();
    }

    async Task<(IPage Page, Teacher Teacher)> WithList(params string[] names) => await WithList(true, names);

    async Task<(IPage Page, Teacher Teacher)> WithList(bool script, params string[] names)
    {
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher);
        var page = await site.SignedIn(teacher, script: script);
        await page.GotoAsync(With("/my/programmes"));
        foreach (var name in names)
        {
            await Press(page, $"add:{Code(name)}");
            await Expect(Button(page, $"remove:{Code(name)}")).ToBeVisibleAsync();
        }
        return (page, teacher);
    }

    async Task Submit(IPage page)
    {
        await page.GotoAsync(With("/my/application/review"));
        await page.Locator("#teaching").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#receipt")).ToHaveTextAsync("Η αίτησή σας υποβλήθηκε");
    }

    string With(string path) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}period={period}";

    static ILocator Button(IPage page, string act) => page.Locator($"button[value='{act}']");

    static Task Press(IPage page, string act) => Button(page, act).ClickAsync();

    Task Ranked(IPage page, params string[] names) =>
        Expect(page.Locator(".ranking__item .badge--plain")).ToHaveTextAsync(names.Select(Code).ToArray());

    async Task Show(IPage page, string? path, string name, bool look)
    {
        if (path is not null)
        {
            await page.GotoAsync(With(path));
        }
        if (look)
        {
            await page.Look(name);
        }
        await page.Picture(look ? name : $"{name}-without-script");
    }

    /// <summary>As one goes who has no mouse.</summary>
    static async Task TabTo(IPage page, string selector)
    {
        for (var step = 0; step < 80; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector)", selector))
            {
                Assert.True(await page.EvaluateAsync<bool>("getComputedStyle(document.activeElement).outlineStyle !== 'none' || getComputedStyle(document.activeElement).boxShadow !== 'none'"), $"the focus on {selector} is not to be seen");
                return;
            }
        }
        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{selector} is not reached by Tab on {page.Url}"));
    }
}
