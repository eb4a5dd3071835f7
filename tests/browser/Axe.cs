using System.Text.Json;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;

namespace EPimorfosi.Browser.Tests;

/// <summary>axe-core over a page: WCAG 2.2 AA and its best practices, with no violation.</summary>
static class Axe
{
    static readonly Lazy<string> Source = new(() => File.ReadAllText(ProjectRoot.Combine("tests", "browser", "node_modules", "axe-core", "axe.min.js")));

    public static async Task Look(this IPage page, string what)
    {
        await page.EvaluateAsync(Source.Value); // by the debugger: the page's own policy lets in no script from elsewhere
        var found = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.map(v => v.id + ': ' + v.help + ' – ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '))");
        Assert.True(found.GetArrayLength() == 0, $"{what} ({page.Url}): {string.Join("\n", found.EnumerateArray().Select(violation => violation.GetString()))}");
        var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(wide <= 0, $"{what} ({page.Url}) is {wide} px wider than the window");
    }
}
