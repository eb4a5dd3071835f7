using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>Two custodians from the commitment to the reveal (R18): one with script, whose secret stays in the browser, one without, on a phone, who brings a digest.</summary>
public sealed class CustodianJourneys(Site site)
{
    const string Period = "WEB-CUSTODY";

    [Fact]
    public async Task Two_custodians_commit_and_reveal_and_the_draw_runs()
    {
        await site.NewPeriod(Period);
        await Task.WhenAll(site.NewAccount("keeper-one", "auditor", ""), site.NewAccount("keeper-two", "auditor", ""));
        var first = await Custodian("keeper-one", phone: false);
        await Show(first, "custodian");
        await first.Locator("[data-invent]").ClickAsync();
        await Expect(first.Locator("#commitment")).ToHaveValueAsync(new Regex("^[0-9a-f]{64}$"));
        await Expect(first.Locator("[data-keep]")).ToHaveAttributeAsync("href", new Regex("^blob:"));
        await first.Locator("#secret").FillAsync("Το μυστικό της πρώτης");
        await Expect(first.Locator("#commitment")).ToHaveValueAsync(Digest("Το μυστικό της πρώτης"));
        var posted = first.WaitForRequestAsync(request => request.Method == "POST");
        await Press(first, "Δήλωση της δέσμευσης");
        Assert.DoesNotContain(Uri.EscapeDataString("μυστικό"), (await posted).PostData, StringComparison.OrdinalIgnoreCase);
        await Expect(first.Locator("[role=status] p")).ToContainTextAsync("Φυλάξτε το μυστικό σας");
        await Expect(first.Locator("#own")).ToContainTextAsync(Digest("Το μυστικό της πρώτης"));
        await Show(first, "custodian-committed");

        var second = await Custodian("keeper-two", phone: true, script: false);
        await second.Locator("#commitment").FillAsync(Digest("Το μυστικό της πρώτης"));
        await Press(second, "Δήλωση της δέσμευσης");
        await Expect(second.Locator("[role=alert]")).ToContainTextAsync("δέσμευση"); // nobody takes another's
        await second.Locator("#commitment").FillAsync(Digest("the other secret"));
        await Press(second, "Δήλωση της δέσμευσης");
        await Expect(second.Locator("#own")).ToContainTextAsync(Digest("the other secret"));

        await site.Phase(Period, "A", "closed");
        await site.UntilFrozen(Period);
        (await site.System.Client.Post($"/api/draws/{Period}/commit", new { randomness = "custodians" }, site.System.Office)).Expect(HttpStatusCode.OK);
        await first.ReloadAsync();
        await first.Locator("#reveal").FillAsync("κάτι άλλο");
        await Expect(first.Locator("#reveal:invalid")).ToHaveCountAsync(1);
        await Show(first, "custodian-reveal");
        await first.Locator("#reveal").FillAsync("Το μυστικό της πρώτης");
        await Expect(first.Locator("#reveal:invalid")).ToHaveCountAsync(0);
        await Press(first, "Αποκάλυψη");
        await Expect(first.Locator("[role=status] p")).ToContainTextAsync("αποκαλύφθηκε");
        await Show(first, "custodian-revealed");
        await second.GotoAsync($"/custodian?period={Period}");
        await second.Locator("#reveal").FillAsync("not the secret");
        await Press(second, "Αποκάλυψη");
        await Expect(second.Locator("[role=alert]")).ToBeVisibleAsync();
        await second.Picture("custodian-refused"); // axe is a script
        await second.Locator("#reveal").FillAsync("the other secret");
        await Press(second, "Αποκάλυψη");
        await Expect(second.Locator("[role=status] p")).ToContainTextAsync("αποκαλύφθηκε");
        (await site.System.Client.Post($"/api/draws/{Period}/run", new { }, site.System.Office)).Expect(HttpStatusCode.OK);

        await first.GotoAsync($"/office/audit?period={Period}");
        await Expect(first.Locator("table")).ToContainTextAsync("Αποκάλυψη θεματοφύλακα");
        await Show(first, "auditor-audit");
        Assert.Equal(403, (await first.GotoAsync("/office/draw"))!.Status);
        await first.Context.CloseAsync();
        await second.Context.CloseAsync();
    }

    async Task<IPage> Custodian(string name, bool phone, bool script = true)
    {
        var page = await site.Visitor(phone, script);
        await Site.SignIn(page, name, Site.Secret);
        await Expect(page.Locator("header")).ToContainTextAsync(name);
        await page.GotoAsync($"/custodian?period={Period}");
        return page;
    }

    static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    static Task Press(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static async Task Show(IPage page, string name)
    {
        await page.Look(name);
        await page.Picture(name);
    }
}
