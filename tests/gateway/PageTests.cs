using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A gateway over saved answers of the services, on the first day of phase A of 2023.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    const string Period = """
        {"code":"B2-2023-2","title":{"el":"2η περίοδος Β2","en":"2nd B2 period"},"firstDay":"2023-03-06","lastDay":"2023-06-30",
         "phaseA":{"opens":"2023-01-09T06:00:00Z","closes":"2023-01-20T21:59:59Z"},"drawAt":"2023-01-23T10:00:00Z","phaseB":{"opens":"2023-01-25T10:00:00Z","closes":"2023-01-30T21:59:59Z"},
         "enrolment":{"opens":"2023-01-31T06:00:00Z","closes":"2023-02-06T21:59:59Z"},"groupMinimum":10,"groupMaximum":15}
        """;
    const string Programme = """
        {"code":"P1","period":"B2-2023-2","cluster":"B2.4","category":"IIa","title":"<Πληροφορική> & ρομποτική","centre":"9010001","centreName":"1ο Γυμνάσιο Αγρινίου","prefecture":"GR-01",
         "minimum":10,"maximum":15,"startsOn":"2023-03-07","slots":["Tue 17:00"]}
        """;

    public Upstream Upstream { get; private set; } = null!;

    public ServiceUnderTest<Program> Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var upstream = Upstream = await Upstream.Start();
        upstream.Answers["/api/periods"] = $$"""{"items":[{{Period}}],"page":1,"pageSize":50,"total":1}""";
        upstream.Answers["/api/programmes"] = $$"""{"items":[{{Programme}}],"page":1,"pageSize":20,"total":41}""";
        upstream.Answers["/api/programmes/P1"] = Programme;
        upstream.Answers["/api/reference/clusters"] = """{"items":[{"code":"B2.4","codeEl":"Β2.4","titleEl":"Πληροφορική","titleEn":"Informatics"}],"total":1}""";
        upstream.Answers["/api/reference/prefectures"] = """{"items":[{"code":"GR-01","nameEl":"Αιτωλοακαρνανίας","nameEn":"Aetolia-Acarnania"}],"total":1}""";
        upstream.Answers["/api/draws/B2-2023-2"] = """{"period":"B2-2023-2","number":1,"state":"Collecting","applications":3,"programmes":1,"algorithm":"serial-dictatorship-v1"}""";
        Gateway = await GatewayFixture.Start(upstream, new FakeTimeProvider(new(2023, 1, 9, 10, 0, 0, TimeSpan.Zero)));
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}

public sealed partial class PageTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    const string Ticket = "0123456789ABCDEF";

    readonly Upstream upstream = fixture.Upstream;
    readonly ServiceUnderTest<Program> gateway = fixture.Gateway;

    [Fact]
    public async Task The_start_page_tells_where_the_period_stands_in_both_languages()
    {
        var greek = await gateway.Browser().GetStringAsync("/");
        Assert.Contains("Οι αιτήσεις είναι ανοικτές", greek, StringComparison.Ordinal);
        Assert.Contains("Παρασκευή 20 Ιανουαρίου 2023, 23:59:59", greek, StringComparison.Ordinal);
        Assert.Contains("""<html lang="el">""", greek, StringComparison.Ordinal);
        var english = await gateway.Browser("en").GetStringAsync("/");
        Assert.Contains("Applications are open", english, StringComparison.Ordinal);
        Assert.Contains("Friday 20 January 2023, 23:59:59", english, StringComparison.Ordinal);
        Assert.DoesNotMatch(Greek(), english.Replace("Ελληνικά", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chosen_language_is_remembered_and_leads_back_to_our_own_pages_only()
    {
        var browser = gateway.Browser("el");
        Assert.Equal("/results?ticket=1", (await browser.GetAsync("/language/en?return=%2Fresults%3Fticket%3D1")).Headers.Location?.OriginalString);
        Assert.Contains("Applications are open", await browser.GetStringAsync("/"), StringComparison.Ordinal);
        foreach (var elsewhere in new[] { "https://evil.example", "//evil.example", "/\\evil.example", "evil" })
        {
            Assert.Equal("/", (await browser.GetAsync($"/language/en?return={Uri.EscapeDataString(elsewhere)}")).Headers.Location?.OriginalString);
        }
    }

    [Fact]
    public async Task The_catalogue_shows_programmes_with_filters_and_pages()
    {
        var page = await gateway.Browser().GetStringAsync("/programmes?cluster=B2.4&q=%22%3E%3Cscript%3E");
        Assert.Contains("&lt;Πληροφορική&gt; &amp; ρομποτική", page, StringComparison.Ordinal);
        Assert.Contains("""<option value="B2.4" selected""", page, StringComparison.Ordinal);
        Assert.Contains("Σελίδα 1 από 3", page, StringComparison.Ordinal);
        Assert.Contains("Τρίτη 17:00", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_catalogue_says_so()
    {
        var found = upstream.Answers["/api/programmes"];
        upstream.Answers["/api/programmes"] = """{"items":[],"page":1,"pageSize":20,"total":0}""";
        Assert.Contains("Δεν βρέθηκαν προγράμματα", await gateway.Browser().GetStringAsync("/programmes?q=x"), StringComparison.Ordinal);
        upstream.Answers["/api/programmes"] = found;
    }

    [Fact]
    public async Task A_programme_has_its_page_and_an_unknown_one_a_404()
    {
        Assert.Contains("1ο Γυμνάσιο Αγρινίου", await gateway.Browser().GetStringAsync("/programmes/P1"), StringComparison.Ordinal);
        var unknown = await gateway.Browser("en").GetAsync("/programmes/P2");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("Not found", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_found_by_ticket_once_they_are_published()
    {
        var (collecting, path) = (upstream.Answers["/api/draws/B2-2023-2"], $"/api/draws/B2-2023-2/tickets/{Ticket}");
        upstream.Answers[path] = null;
        Assert.Contains("δεν έχουν δημοσιευθεί ακόμη", await gateway.Browser().GetStringAsync($"/results?ticket={Ticket}"), StringComparison.Ordinal);
        upstream.Answers["/api/draws/B2-2023-2"] = """{"number":1,"state":"Published","applications":500,"programmes":2,"publishedAt":"2023-01-23T10:05:00Z"}""";
        upstream.Answers[path] =
            $$"""{"ticket":"{{Ticket}}","place":412,"of":500,"programme":"P1","rank":2,"provisional":false,"choices":[{"programme":"P0","cutOff":388,"runnerUp":7},{"programme":"P1","cutOff":null,"runnerUp":null}]}""";
        var visitor = gateway.Browser("en");
        await Until.True(async () => (await visitor.GetStringAsync("/results?ticket=o123-4567 89ab cdef")).Contains("You have a seat in P1", StringComparison.Ordinal), "the result");
        Assert.Contains("Your place in the draw was 412; the last seat went to place 388. You are number 7 among the runners-up.", await visitor.GetStringAsync($"/results?ticket={Ticket}"), StringComparison.Ordinal);
        Assert.Contains("A ticket has 16 letters and digits", await visitor.GetStringAsync("/results?ticket=abc"), StringComparison.Ordinal);
        Assert.Contains("There is no such ticket", await visitor.GetStringAsync("/results?ticket=FFFFFFFFFFFFFFFF"), StringComparison.Ordinal);
        await Until.True(async () => (await visitor.GetStringAsync("/draw")).Contains("/api/draws/B2-2023-2/bundle.zip", StringComparison.Ordinal), "the files");
        upstream.Answers["/api/draws/B2-2023-2"] = collecting;
    }

    [Fact]
    public async Task Signing_in_by_the_page_shows_who_is_signed_in_as_what_and_leads_back()
    {
        var browser = gateway.Browser("en");
        var failed = await browser.Submit("/sign-in", null, ("Form.UserName", "office"), ("Form.Password", "wrong"));
        var page = await failed.Content.ReadAsStringAsync();
        Assert.Contains("""role="alert""", page, StringComparison.Ordinal);
        Assert.Contains("""aria-describedby="user-name-error""", page, StringComparison.Ordinal);
        var signedIn = await browser.Submit("/sign-in?return=%2Fdraw", null, ("Form.UserName", "office"), ("Form.Password", GatewayFixture.OfficePassword));
        Assert.EndsWith("/draw", signedIn.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("managing office", await browser.GetStringAsync("/"), StringComparison.Ordinal);
        await browser.Submit("/", to: "/sign-out");
        Assert.DoesNotContain("managing office", await browser.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forms_without_their_antiforgery_token_are_refused()
    {
        var browser = gateway.Browser();
        var signIn = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([KeyValuePair.Create("_handler", "sign-in"), KeyValuePair.Create("Form.UserName", "office"), KeyValuePair.Create("Form.Password", GatewayFixture.OfficePassword)]));
        Assert.Equal(HttpStatusCode.BadRequest, signIn.StatusCode);
        (await browser.Login("office", GatewayFixture.OfficePassword, cookies: true)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/sign-out", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_to_a_browser_and_a_problem_to_others()
    {
        var page = await gateway.Browser("en").GetAsync("/nothing/here");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("Back to the start page", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("not-found", await (await gateway.Anyone().GetAsync("/nothing/here")).Problem());
        Assert.Equal("not-found", await (await gateway.Browser().GetAsync("/api/nothing")).Problem());
    }

    [Fact]
    public async Task While_the_services_are_down_the_pages_say_so()
    {
        await using var alone = await GatewayFixture.Start(null);
        foreach (var path in new[] { "/", "/programmes", "/results", "/draw", "/statistics" })
        {
            var page = await alone.Browser("en").GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            if (path != "/results")
            {
                Assert.Contains("not available at the moment", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Nothing_on_a_page_comes_from_another_origin()
    {
        foreach (var path in new[] { "/", "/programmes", "/results", "/draw", "/statistics", "/sign-in" })
        {
            var page = await gateway.Browser().GetStringAsync(path);
            Assert.DoesNotMatch(Foreign(), page);
            foreach (Match asset in Asset().Matches(page))
            {
                Assert.Equal(HttpStatusCode.OK, (await gateway.Browser().GetAsync("/" + asset.Groups[1].Value.TrimStart('/'))).StatusCode);
            }
        }
    }

    [GeneratedRegex("""(?:src|href|action)="(?:https?:)?//""")]
    private static partial Regex Foreign();

    [GeneratedRegex("""<link[^>]* href="([^"]+)""")]
    private static partial Regex Asset();

    [GeneratedRegex(@"\p{IsGreek}")]
    private static partial Regex Greek();
}
