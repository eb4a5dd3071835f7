using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>Public pages are made once for all who come in one moment; nobody gets what is another's.</summary>
public sealed class PageCacheTests
{
    [Fact]
    public async Task A_public_page_is_made_once_and_a_visitors_own_never_kept()
    {
        await using var upstream = await Upstream.Start();
        Found(upstream, 41);
        await using var gateway = await GatewayFixture.Start(upstream, null, ("Pages:CacheSeconds", "60"));
        var first = await gateway.Browser().GetStringAsync("/programmes");
        Found(upstream, 97);
        Assert.Equal(first, await gateway.Browser().GetStringAsync("/programmes"));
        Assert.Contains("97", await gateway.Browser().GetStringAsync("/programmes?q=other"), StringComparison.Ordinal); // another question is another page
        Assert.Contains("lang=\"en\"", await gateway.Browser("en").GetStringAsync("/programmes"), StringComparison.Ordinal);
        var packed = new HttpRequestMessage(HttpMethod.Get, "/programmes") { Headers = { { "Accept-Encoding", "br" }, { "Accept-Language", "el" }, { "Accept", "text/html" } } };
        Assert.Equal("br", (await gateway.Anyone().SendAsync(packed, TestContext.Current.CancellationToken)).Content.Headers.ContentEncoding.Single());

        var office = gateway.Browser();
        await office.Login("office", GatewayFixture.OfficePassword, cookies: true);
        var own = await office.GetStringAsync("/programmes");
        Assert.Contains("97", own, StringComparison.Ordinal);
        Assert.Contains("account__who", own, StringComparison.Ordinal);
        Assert.DoesNotContain("account__who", await gateway.Browser().GetStringAsync("/programmes"), StringComparison.Ordinal);
        var chosen = gateway.Browser();
        await chosen.GetAsync("/language/en?return=%2Fprogrammes");
        Assert.Contains("lang=\"en\"", await chosen.GetStringAsync("/programmes"), StringComparison.Ordinal);
    }

    static void Found(Upstream upstream, int total)
    {
        upstream.Answers["/api/programmes"] = $$"""{"items":[{"code":"P1","period":"P","cluster":"B2.4","category":"IIa","title":"Ρομποτική","centre":"1","centreName":"1ο Γυμνάσιο","prefecture":"GR-01","minimum":10,"maximum":15,"slots":[]}],"page":1,"pageSize":20,"total":{{total}}}""";
    }
}
