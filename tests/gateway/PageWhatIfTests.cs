using System.Net;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>The office's page for trying another catalogue.</summary>
public sealed class PageWhatIfTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    const string Path = "/office/what-if", Service = "/api/draws/B2-2023-2/what-if";

    [Fact]
    public async Task The_office_sees_both_sides_beside_each_other()
    {
        const string side = """{"programmes":2,"seats":30,"placed":28.5,"firstChoice":0.5,"topThree":0.75,"none":0.05,"byCluster":[{"of":"B2.4","seats":30,"placed":28.5}],"byPrefecture":[{"of":"GR-01","seats":30,"placed":28.5}],"atRisk":[]}""";
        fixture.Upstream.Answers[Service] = $$$"""
            {"draws":200,"note":"Εκτίμηση.","assumption":"Παραδοχή.","baseline":{{{side}}},"changed":{{{side.Replace("28.5", "29.5", StringComparison.Ordinal)}}},
             "programmes":[{"programme":"P9","before":null,"after":{"programme":"P9","title":"Νέο","minimum":10,"expected":12,"viable":180}}]}
            """;
        var page = await (await Office()).GetStringAsync($"{Path}?code=p9&like=P1&addMinimum=10&addMaximum=15");
        Assert.Contains("<td>28,5</td><td>29,5</td>", page, StringComparison.Ordinal);
        Assert.Contains("12 (ελάχιστο 10, το συμπληρώνει σε 180 από 200)", page, StringComparison.Ordinal);
        Assert.Contains("Παραδοχή.", page, StringComparison.Ordinal);
        Assert.Contains("Αιτωλοακαρνανίας", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_shown_at_its_field()
    {
        fixture.Upstream.Answers[Service] =
            """{"faults":[{"field":"changes[0].maximum","reason":"Πολύ μεγάλο."},{"field":"changes[1].add.minimum","reason":"Πολύ μικρό."},{"field":"changes[1]","reason":"Δύο φορές."}]}""";
        fixture.Upstream.Statuses[Service] = 422;
        var page = await (await Office()).GetStringAsync($"{Path}?programme=P1&maximum=9999&code=P9&like=P1&addMinimum=0");
        fixture.Upstream.Statuses.Clear();
        foreach (var (field, reason) in new[] { ("maximum", "Πολύ μεγάλο."), ("addMinimum", "Πολύ μικρό."), ("code", "Δύο φορές.") })
        {
            Assert.Matches($"""#{field}">{reason}</a>""", page);
            Assert.Matches($"""id="{field}"[^>]* aria-invalid="true" """.TrimEnd(), page);
        }
        Assert.DoesNotMatch("""id="minimum"[^>]* aria-invalid="true" """.TrimEnd(), page);
    }

    [Fact]
    public async Task It_is_for_the_office_alone()
    {
        var anybody = await fixture.Gateway.Browser().GetAsync(Path);
        Assert.StartsWith("/sign-in", new Uri(fixture.Gateway.Anyone().BaseAddress!, anybody.Headers.Location!).AbsolutePath, StringComparison.Ordinal);
        (await fixture.Gateway.ImportAccounts("auditor-1,auditor,,,a good password\n")).EnsureSuccessStatusCode();
        var auditor = fixture.Gateway.Browser();
        (await auditor.Login("auditor-1", "a good password", cookies: true)).EnsureSuccessStatusCode();
        var page = await auditor.GetAsync($"{Path}?remove=P1");
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.DoesNotContain("<form method=\"get\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    async Task<HttpClient> Office()
    {
        var browser = fixture.Gateway.Browser();
        (await browser.Login("office", GatewayFixture.OfficePassword, cookies: true)).EnsureSuccessStatusCode();
        return browser;
    }
}
