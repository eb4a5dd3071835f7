using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>One's own account: password, other sessions, the second step.</summary>
public sealed class AccountJourneys(Site site)
{
    const string NewSecret = "another long secret";

    [Fact]
    public async Task A_changed_password_ends_the_sessions_elsewhere()
    {
        var teacher = await site.NewTeacher();
        var (here, elsewhere) = (await site.SignedIn(teacher), await site.SignedIn(teacher, phone: true));
        await here.GotoAsync("/account");
        await here.Look("account");
        await here.Picture("account");
        await Change(here, "not the password", NewSecret, NewSecret);
        await Expect(here.Locator("#current")).ToHaveAttributeAsync("aria-invalid", "true");
        await here.Look("account, refused");
        await Change(here, Site.Secret, NewSecret, "something else");
        await Expect(here.Locator("#again")).ToHaveAttributeAsync("aria-invalid", "true");
        await Change(here, Site.Secret, NewSecret, NewSecret);
        await Expect(here.Locator(".notice--good")).ToContainTextAsync("Ο κωδικός άλλαξε");
        await elsewhere.GotoAsync("/my");
        await Expect(elsewhere).ToHaveURLAsync(new Regex("/sign-in"));
        await Site.SignIn(elsewhere, teacher.Number, Site.Secret);
        await Expect(elsewhere.Locator("[role=alert]")).ToBeVisibleAsync();
        await Site.SignIn(elsewhere, teacher.Number, NewSecret);
        await Expect(elsewhere).ToHaveURLAsync(new Regex("/my$"));
        await here.GotoAsync("/account");
        await here.GetByRole(AriaRole.Button, new() { Name = "Αποσύνδεση από παντού αλλού" }).ClickAsync();
        await Expect(here.Locator(".notice--good")).ToBeVisibleAsync();
        await elsewhere.GotoAsync("/my");
        await Expect(elsewhere).ToHaveURLAsync(new Regex("/sign-in"));
        await here.Context.CloseAsync();
        await elsewhere.Context.CloseAsync();
    }

    [Fact]
    public async Task A_second_step_is_set_up_asked_for_and_got_round_once_by_a_recovery_code()
    {
        var teacher = await site.NewTeacher();
        var page = await site.SignedIn(teacher);
        await page.GotoAsync("/account/two-factor");
        await page.Look("two-factor");
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("img.qr")).ToBeVisibleAsync();
        await page.Look("two-factor, key");
        await page.Picture("two-factor");
        var key = (await page.Locator("#key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.Locator("#code").FillAsync("000000");
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#code")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Locator("#code").FillAsync(Code(key));
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#recovery code")).ToHaveCountAsync(10);
        await page.Look("recovery codes");
        var recovery = await page.Locator("#recovery code").First.InnerTextAsync();

        using var http = new HttpClient { BaseAddress = site.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsJsonAsync("/api/accounts/login?useCookies=false", new { userName = teacher.Number, password = Site.Secret })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync("/api/accounts/login?useCookies=false", new { userName = teacher.Number, password = Site.Secret, twoFactorCode = Code(key) })).StatusCode);

        var other = await site.Visitor(phone: true);
        await Site.SignIn(other, teacher.Number, Site.Secret);
        await Expect(other).ToHaveURLAsync(new Regex("/sign-in/code$"));
        await other.Look("code");
        await other.GotoAsync("/my");
        await Expect(other).ToHaveURLAsync(new Regex("/sign-in\\?")); // half signed in is not signed in
        await other.GotoAsync("/sign-in/code");
        await Enter(other, recovery);
        await Expect(other).ToHaveURLAsync(new Regex("/my$"));
        await other.Locator("header form button").ClickAsync();
        await Site.SignIn(other, teacher.Number, Site.Secret);
        await Enter(other, recovery);
        await Expect(other.Locator("#code")).ToHaveAttributeAsync("aria-invalid", "true");
        await Enter(other, Code(key));
        await Expect(other).ToHaveURLAsync(new Regex("/my$"));
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    static async Task Enter(IPage page, string code)
    {
        await page.Locator("#code").FillAsync(code);
        await page.Locator("main button[type=submit]").ClickAsync();
    }

    static async Task Change(IPage page, string current, string password, string again)
    {
        await page.Locator("#current").FillAsync(current);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("#again").FillAsync(again);
        await page.Locator("main form").First.Locator("button").ClickAsync();
    }

    /// <summary>What an authenticator app shows now (RFC 6238).</summary>
    static string Code(string key)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2)).ToArray();
        var step = BitConverter.GetBytes(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
        Array.Reverse(step);
#pragma warning disable CA5350 // as the apps do
        var hash = HMACSHA1.HashData(secret, step);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        return ((((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3]) % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
