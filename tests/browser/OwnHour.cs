using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>Before phase B opens, and where one's programmes are.</summary>
public sealed class OwnHour(Site site)
{
    [Fact]
    public async Task The_page_of_claims_waits_for_ones_own_hour_and_opens_by_itself()
    {
        const string Period = "WEB-W";
        await site.NewPeriod(Period);
        var teacher = await site.NewTeacher();
        await site.UntilKnown(Period, teacher);
        await site.Phase(Period, "A", "closed");
        await Change(Period, DateTimeOffset.UtcNow.AddHours(1), "B2.4+30");
        var page = await site.SignedIn(teacher, phone: true);
        await Until(page, Period, "#staggered", 1);
        var own = DateTimeOffset.Parse((await page.Locator(".waiting__when time").GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        Assert.InRange(own - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(80), TimeSpan.FromMinutes(91));
        Assert.Matches(@"^\d\d:\d\d:\d\d$", await page.Locator(".waiting__clock").InnerTextAsync());
        await Expect(page.Locator("button[value=submit]")).ToHaveCountAsync(0);
        await page.Look("waiting");
        await page.Picture("waiting");

        await Change(Period, DateTimeOffset.UtcNow.AddSeconds(12), "");
        await Until(page, Period, "#staggered", 0);
        await page.EvaluateAsync("window.before = true");
        await Expect(page.Locator(".waiting")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        Assert.False(await page.EvaluateAsync<bool>("window.before === true")); // it was loaded again
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_programmes_one_may_join_are_chosen_on_a_map(bool phone)
    {
        var period = await site.OpenPeriod;
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher);
        var page = await site.SignedIn(teacher, phone);
        await page.GotoAsync($"/my/programmes?period={period}");
        await page.Locator("summary", new() { HasTextString = "στον χάρτη" }).ClickAsync();
        await page.Look("map");
        await page.Picture("map");
        var tiles = page.Locator("a.map__tile");
        await Expect(tiles).ToHaveCountAsync(2); // the teacher's own nomos, and that of the one online elsewhere
        foreach (var tile in await tiles.AllAsync())
        {
            Assert.True((await tile.BoundingBoxAsync())!.Width >= 24, "a tile is too small for a finger"); // WCAG 2.5.8
        }
        await page.Locator("a.map__tile[aria-label*='ένα']").ClickAsync();
        await Expect(page.Locator(".card")).ToHaveCountAsync(1);
        await page.Look("map, chosen");
        await page.Picture("map-chosen");
        await page.Context.CloseAsync();
    }

    static async Task Until(IPage page, string period, string selector, int count) => await EPimorfosi.Tests.Servers.Until.True(async () =>
    {
        await page.GotoAsync($"/my/claim?period={period}");
        return await page.Locator(".waiting").CountAsync() == 1 && await page.Locator(selector).CountAsync() == count;
    }, "the calendar to reach the pages", 60);

    async Task Change(string period, DateTimeOffset opens, string later)
    {
        var now = JsonNode.Parse((await site.System.Client.Get($"/api/periods/{period}")).Expect(HttpStatusCode.OK).Body)!;
        var change = new JsonObject(Office.Given.Select(field => KeyValuePair.Create(field, now[field]?.DeepClone())))
        {
            ["drawAt"] = DateTimeOffset.UtcNow.AddSeconds(1),
            ["phaseB"] = JsonSerializer.SerializeToNode(new { opens, closes = opens.AddDays(5) }),
            ["policy"] = JsonSerializer.SerializeToNode(new { objectionHours = 0, phaseBLater = later }),
        };
        (await site.System.Client.Put($"/api/periods/{period}?reason=test", change, site.System.Office)).Expect(HttpStatusCode.OK);
    }
}
