using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>A centre's own programmes: weekly times that add up as one types (R3), of two who change them the second is told, and names only after publication.</summary>
public sealed class CentreJourneys(Site site)
{
    const string Period = "WEB-C";

    [Fact]
    public async Task Weekly_times_add_up_as_one_types_and_of_two_who_change_them_the_second_is_told()
    {
        await site.NewPeriod(Period);
        await site.NewAccount("kse-one", "centre", site.School);
        var page = await site.Visitor();
        await Site.SignIn(page, "kse-one", Site.Secret);
        await Expect(page).ToHaveURLAsync(new Regex("/centre$"));
        await page.GotoAsync($"/centre?period={Period}");
        await Expect(page.Locator("header .account__who")).ToContainTextAsync("Κ.Σ.Ε.");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(5); // of seven: two are of another centre
        await page.Look("centre");
        await page.Picture("centre");
        Assert.Equal(404, (await page.GotoAsync($"/centre/programmes/{Period}.FAR"))!.Status);

        await page.GotoAsync($"/centre/programmes/{Period}.LOCAL1");
        await Expect(page.Locator("#hours")).ToHaveTextAsync("60 από 60 ώρες");
        await page.Look("timetable");
        await page.Picture("timetable");
        await page.Locator("#day2").SelectOptionAsync("");
        await Expect(page.Locator("#hours")).ToHaveTextAsync("45 από 60 ώρες"); // nobody has pressed anything
        await page.Look("timetable, too few hours");
        await page.Locator("#day2").SelectOptionAsync("Fri");
        await page.Locator("#from2").FillAsync("09:00");
        await Expect(page.Locator("#sum .rules__why")).ToHaveCountAsync(1); // school hours
        await page.Locator("button[value=save]").ClickAsync();
        await Expect(page.Locator("[role=alert]")).ToBeVisibleAsync();
        await page.Look("timetable, refused");

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync($"/centre/programmes/{Period}.LOCAL1");
        await page.Locator("#from2").FillAsync("18:30");
        await Expect(page.Locator("#sound")).ToBeVisibleAsync();
        await page.Locator("button[value=save]").ClickAsync();
        await Expect(page.Locator(".notice--good")).ToBeVisibleAsync();
        await Expect(page.Locator("dl.summary")).ToContainTextAsync("Παρασκευή 18:30");
        await other.Locator("#from1").FillAsync("19:00");
        await other.Locator("button[value=save]").ClickAsync();
        await Expect(other.Locator("[role=alert]")).ToContainTextAsync("άλλαξε στο μεταξύ");
        await Expect(other.Locator("#from1")).ToHaveValueAsync("19:00"); // what they typed is still there
        await other.Look("timetable, overtaken");
        await other.GetByRole(AriaRole.Link, new() { Name = "Δείτε τη νέα μορφή" }).ClickAsync();
        await Expect(other.Locator("#from2")).ToHaveValueAsync("18:30");

        await page.GotoAsync($"/centre/programmes/{Period}.LOCAL1/members");
        await Expect(page.Locator("#later")).ToContainTextAsync("αφού δημοσιευθούν");
        await page.Look("members, too early");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Without_script_a_button_works_out_the_sum()
    {
        var period = await site.OpenPeriod;
        await site.NewAccount("kse-two", "centre", site.School);
        var page = await site.Visitor(phone: true, script: false);
        await Site.SignIn(page, "kse-two", Site.Secret);
        await page.GotoAsync($"/centre/programmes/{period}.NET2");
        await page.Locator("#day1").SelectOptionAsync("");
        await page.Locator("button[value=sum]").ClickAsync();
        await Expect(page.Locator("#hours")).ToHaveTextAsync("45 από 60 ώρες");
        await page.Picture("timetable-without-script");
        await page.GotoAsync($"/centre/programmes/{period}.NET2");
        await Expect(page.Locator("#hours")).ToHaveTextAsync("60 από 60 ώρες"); // nothing was kept
        await page.Context.CloseAsync();
    }
}
