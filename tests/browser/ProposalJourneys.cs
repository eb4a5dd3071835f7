using System.Net;
using EPimorfosi.System.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>R6: a centre proposes, the office returns it with a reason, the centre hears of it by e-mail, mends it, and it is published once it is approved.</summary>
public sealed class ProposalJourneys(Site site)
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task From_a_proposal_over_its_return_to_the_public_catalogue(bool phone)
    {
        var (period, name, email) = (phone ? "WEB-RP" : "WEB-RD", phone ? "kse-rp" : "kse-rd", phone ? "rp@kse.test" : "rd@kse.test");
        await site.NewPeriod(period);
        await site.NewAccount(name, "centre", site.School);
        var page = await site.Visitor(phone);
        await Site.SignIn(page, name, Site.Secret);
        await page.GotoAsync($"/centre?period={period}");
        await Show(page, phone, "centre-without-proposals");
        await page.GetByRole(AriaRole.Link, new() { Name = "Προτείνετε πρόγραμμα" }).ClickAsync();
        await page.Locator("#title").FillAsync("Ψηφιακά εργαλεία για φιλολόγους");
        await page.Locator("#cluster").SelectOptionAsync("B2.4");
        await page.Locator("input[name=category][value=IIb]").CheckAsync();
        await page.Locator("#day1").SelectOptionAsync("Tue");
        await page.Locator("#from1").FillAsync("17:00");
        await Expect(page.Locator("#hours")).ToHaveTextAsync("45 από 60 ώρες"); // nobody has pressed anything
        await page.Locator("#day2").SelectOptionAsync("Thu");
        await page.Locator("#from2").FillAsync("17:00");
        await Expect(page.Locator("#sound")).ToBeVisibleAsync();
        await page.Locator("#trainer1").FillAsync("\u0395-1"); // a Greek letter
        await page.Locator("#hours1").FillAsync("50");
        await page.Locator("#email").FillAsync(email);
        await Press(page, "Υποβολή πρότασης");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("λατινικά");
        await page.Locator("#trainer1").FillAsync("E-1");
        await Press(page, "Υποβολή πρότασης");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("άθροισμα 50 αντί για 60");
        await Expect(page.Locator("#title")).ToHaveValueAsync("Ψηφιακά εργαλεία για φιλολόγους"); // what was typed is still there
        await Show(page, phone, "proposal-refused");
        await page.Locator("#hours1").FillAsync("60");
        await Press(page, "Υποβολή πρότασης");
        await Expect(page.Locator(".notice--good")).ToContainTextAsync("περιμένει έγκριση");
        await Show(page, phone, "proposal");

        var desk = await site.Visitor(phone);
        await Site.SignIn(desk, "office", WholeSystem.OfficePassword);
        await desk.GotoAsync($"/office?period={period}");
        await desk.Locator(".tiles").GetByRole(AriaRole.Link, new() { Name = "περιμένουν έγκριση" }).ClickAsync();
        await Expect(desk.Locator("#found")).ToHaveTextAsync("1 πρόταση");
        await Show(desk, phone, "office-proposals");
        await desk.Locator("tbody a").ClickAsync();
        await Show(desk, phone, "office-proposal");
        await desk.Locator("summary", new() { HasTextString = "Επιστροφή για διόρθωση" }).ClickAsync();
        await desk.Locator("#reason").FillAsync("Ο τίτλος να αναφέρει τη βαθμίδα.");
        await Press(desk, "Επιστροφή");
        await Expect(desk.Locator(".notice--good")).ToContainTextAsync("επιστράφηκε");
        await Expect(desk.Locator("#proposal")).ToContainTextAsync("Ο τίτλος να αναφέρει τη βαθμίδα.");

        await page.GotoAsync((await site.LinkIn(email, "/centr")).PathAndQuery + $"?period={period}");
        await Expect(page.Locator("section[aria-labelledby=proposals] tbody")).ToContainTextAsync("Επιστράφηκε για διόρθωση");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ψηφιακά εργαλεία για φιλολόγους" }).ClickAsync();
        await Expect(page.Locator("#reason")).ToHaveTextAsync("Ο τίτλος να αναφέρει τη βαθμίδα.");
        await Show(page, phone, "proposal-returned");
        await page.Locator("#title").FillAsync("Ψηφιακά εργαλεία για φιλολόγους Λυκείου");
        await Press(page, "Υποβολή εκ νέου");
        await Expect(page.Locator(".notice--good")).ToContainTextAsync("περιμένει έγκριση");

        await desk.GotoAsync($"/office/proposals?period={period}");
        await desk.Locator("tbody a").ClickAsync();
        await Press(desk, "Έγκριση και δημοσίευση");
        await Expect(desk.Locator(".notice--good")).ToContainTextAsync("δημοσιεύθηκε");
        var code = await desk.Locator(".govgr-caption-l").First.TextContentAsync();
        Assert.Equal(HttpStatusCode.OK, (await site.System.Client.Get($"/api/programmes/{code}")).Status);
        await site.LinkIn(email, $"/programmes/{code![..^1]}");
        await page.ReloadAsync();
        await Expect(page.Locator("#state")).ToHaveTextAsync("Εγκρίθηκε");
        await Show(page, phone, "proposal-approved");
        await page.GetByRole(AriaRole.Link, new() { Name = "Νέα πρόταση με τα ίδια στοιχεία" }).ClickAsync();
        await Expect(page.Locator("#title")).ToHaveValueAsync("Ψηφιακά εργαλεία για φιλολόγους Λυκείου");
        await Expect(page.Locator("#trainer1")).ToHaveValueAsync("E-1");
        await page.Context.CloseAsync();
        await desk.Context.CloseAsync();
    }

    static Task Press(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>The page under axe, and its picture.</summary>
    static async Task Show(IPage page, bool phone, string name)
    {
        await page.Look(name);
        await page.Picture(phone ? $"{name}-phone" : name);
    }
}
