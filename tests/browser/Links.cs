using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.System.Tests;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>Who follows the links of the pages, whoever they are, comes to no page that is not there and to none that is not theirs.</summary>
public sealed partial class Links(Site site)
{
    const int Most = 250, OfAKind = 2;

    [Theory]
    [InlineData("nobody", 15), InlineData("teacher", 25), InlineData("office", 40), InlineData("centre", 15), InlineData("auditor", 15)]
    public async Task No_link_of_a_page_leads_nowhere(string role, int atLeast)
    {
        await site.OpenPeriod;
        var page = await site.Visitor();
        var name = role == "office" ? "office" : $"links-{role}";
        if (role == "teacher")
        {
            name = (await site.NewTeacher()).Number;
        }
        else if (role is "centre" or "auditor")
        {
            await site.NewAccount(name, role, role == "centre" ? site.School : "");
        }
        if (role != "nobody")
        {
            await Site.SignIn(page, name, role == "office" ? WholeSystem.OfficePassword : Site.Secret);
            await Expect(page.Locator("header .account__who")).ToContainTextAsync(name);
        }
        var (kinds, bad, asked) = (new Dictionary<string, int>(), new List<string>(), 0);
        var queue = new Queue<(string Path, string From)>([("/", "the start")]);
        for (var seen = new HashSet<string>(); queue.TryDequeue(out var next) && asked < Most;)
        {
            if (!seen.Add(next.Path) || (kinds[Kind(next.Path)] = kinds.GetValueOrDefault(Kind(next.Path)) + 1) > OfAKind)
            {
                continue;
            }
            asked++;
            var answer = await page.Context.APIRequest.GetAsync(new Uri(site.Address, next.Path).ToString());
            if (!answer.Ok)
            {
                bad.Add($"{answer.Status} {next.Path}, on {next.From}");
            }
            else if (answer.Headers["content-type"].StartsWith("text/html", StringComparison.Ordinal))
            {
                foreach (var link in Href().Matches(await answer.TextAsync()).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)))
                {
                    if (Uri.TryCreate(new Uri(answer.Url), link, out var target) && target.GetLeftPart(UriPartial.Authority) == site.Address.GetLeftPart(UriPartial.Authority))
                    {
                        queue.Enqueue((target.PathAndQuery, next.Path));
                    }
                }
            }
        }
        Assert.Empty(bad);
        Assert.InRange(kinds.Count, atLeast, Most);
        await page.Context.CloseAsync();
    }

    /// <summary>Links that differ only in what they are about.</summary>
    static string Kind(string path) => Particular().Replace(path.Split('?')[0], "*") + string.Concat(Parameter().Matches(path).Select(match => match.Value));

    [GeneratedRegex("""<a [^>]*href="([^"#]+)""")]
    private static partial Regex Href();

    [GeneratedRegex("[0-9a-f-]{36}|[A-Z0-9.-]*[A-Z0-9][.-][A-Z0-9.-]+|[0-9]{4,}")]
    private static partial Regex Particular();

    [GeneratedRegex("[?&][a-z]+=")]
    private static partial Regex Parameter();
}
