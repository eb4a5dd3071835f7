using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Gateway.Tests;

/// <summary>The page of live seats (R22), and the stream behind it through the gateway.</summary>
public sealed partial class SeatsPageTests(PageFixture fixture) : IClassFixture<PageFixture>, IAsyncLifetime
{
    const string Seats = "/api/seats/B2-2023-2";
    const string Answer = """
        {"items":[{"programme":"P2","title":"Φυσική","cluster":"B2.3","category":"IIb","centre":"C2","centreName":"2ο Λύκειο","prefecture":"GR-02","minimum":10,"maximum":15,"members":7,"offered":0,"free":8,"needed":3,"belowMinimum":true},
         {"programme":"P1","title":"<Πληροφορική> & ρομποτική","cluster":"B2.4","category":"IIa","centre":"C1","centreName":"1ο Γυμνάσιο","prefecture":"GR-01","minimum":10,"maximum":15,"members":11,"offered":1,"free":3,"needed":0,"belowMinimum":false},
         {"programme":"P3","title":"Χημεία","cluster":"B2.4","category":"IIb","centre":"C1","centreName":"1ο Γυμνάσιο","prefecture":"GR-01","minimum":10,"maximum":15,"members":15,"offered":0,"free":0,"needed":0,"belowMinimum":false}],
         "page":1,"pageSize":2000,"total":3}
        """;

    ServiceUnderTest<Program> phaseB = null!;

    public async ValueTask InitializeAsync() => phaseB = await Start(new(2023, 1, 26, 10, 0, 0, TimeSpan.Zero));

    public async ValueTask DisposeAsync() => await phaseB.DisposeAsync();

    [Fact]
    public async Task Seats_are_shown_in_the_order_of_the_service_with_what_each_programme_needs()
    {
        var page = await phaseB.Browser().GetStringAsync("/seats");
        Assert.Equal(["P2", "P1", "P3"], Codes(page));
        Assert.Contains("χρειάζονται ακόμη 3 για να λειτουργήσει", page, StringComparison.Ordinal);
        Assert.Contains("ελεύθερες 3<", page, StringComparison.Ordinal);
        Assert.Contains("1 σε προσφορά", page, StringComparison.Ordinal);
        Assert.Contains(">καμία ελεύθερη<", page, StringComparison.Ordinal);
        Assert.Contains("11 από 15", page, StringComparison.Ordinal);
        Assert.Contains("&lt;Πληροφορική&gt; &amp; ρομποτική", page, StringComparison.Ordinal);
        Assert.Contains("Στις 12:00:00: ελεύθερες θέσεις 11, προγράμματα που χρειάζονται και άλλες συμμετοχές 1.", page, StringComparison.Ordinal);
        Assert.Contains("""Η Β΄ φάση είναι ανοικτή και κλείνει:</strong> <time datetime="2023-01-30T21:59:59Z">""", page, StringComparison.Ordinal);
        Assert.Contains("""data-stream="/api/seats/B2-2023-2/stream?since=1-5-abc-9""", page, StringComparison.Ordinal); // no change since the page is lost
        var english = await phaseB.Browser("en").GetStringAsync("/seats");
        Assert.Contains("needs 3 more to run", english, StringComparison.Ordinal);
        Assert.DoesNotMatch(Greek(), Regex.Replace(english, "Ελληνικά|Φυσική|Χημεία|&lt;Πληροφορική.*?ρομποτική|2ο Λύκειο|1ο Γυμνάσιο", ""));
    }

    [Fact]
    public async Task Filters_choose_by_cluster_and_prefecture()
    {
        Assert.Equal(["P1", "P3"], Codes(await phaseB.Browser().GetStringAsync("/seats?cluster=B2.4&prefecture=")));
        Assert.Equal(["P2"], Codes(await phaseB.Browser().GetStringAsync("/seats?prefecture=GR-02")));
        var none = await phaseB.Browser().GetStringAsync("/seats?cluster=B2.4&prefecture=GR-02&page=7");
        Assert.Empty(Codes(none));
        Assert.Contains("0 προγράμματα", none, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_results_and_without_the_service_the_page_says_so()
    {
        await using var early = await Start(new(2023, 1, 22, 10, 0, 0, TimeSpan.Zero), published: false);
        var page = await early.Browser().GetStringAsync("/seats");
        Assert.Contains("μόλις δημοσιευθούν τα αποτελέσματα", page, StringComparison.Ordinal);
        Assert.Contains("""Η Β΄ φάση ανοίγει:</strong> <time datetime="2023-01-25T10:00:00Z">""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", page, StringComparison.Ordinal);
        await using var alone = await GatewayFixture.Start(null);
        Assert.Contains("not available at the moment", await alone.Browser("en").GetStringAsync("/seats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_teacher_sees_their_own_claim_and_nobody_else_a_box()
    {
        (await phaseB.ImportAccounts("teacher1,teacher,123456,,a good long password\n")).EnsureSuccessStatusCode();
        Assert.DoesNotContain("Το αίτημά σας", await phaseB.Browser().GetStringAsync("/seats"), StringComparison.Ordinal);
        var browser = phaseB.Browser();
        await browser.Login("teacher1", GatewayFixture.OfficePassword, cookies: true);
        fixture.Upstream.Answers["/api/applications/B2-2023-2"] = """
            {"ticket":"0123456789ABCDEF","statusText":"Περιμένετε θέση.","seat":null,"claim":{"sequence":1412,"acceptedAt":"2023-01-25T10:00:03Z","preferences":["P3","P1"],"outcome":"waiting","programme":null}}
            """;
        var waiting = await browser.GetStringAsync("/seats");
        Assert.Contains("1.412 στη σειρά υποβολής", waiting, StringComparison.Ordinal);
        Assert.Contains("Περιμένει με τη σειρά του", waiting, StringComparison.Ordinal);
        Assert.Matches("(?s)<ol class=\"seats__list\">.*>Χημεία<.*&lt;Πληροφορική", waiting);
        fixture.Upstream.Answers["/api/applications/B2-2023-2"] = """{"claim":{"sequence":2,"acceptedAt":"2023-01-25T10:00:03Z","preferences":["P1"],"outcome":"placed","programme":"P1"}}""";
        Assert.Contains("Πήρατε θέση στο πρόγραμμα P1.", await browser.GetStringAsync("/seats"), StringComparison.Ordinal);
        fixture.Upstream.Answers["/api/applications/B2-2023-2"] = null;
        Assert.Contains("Δεν έχετε υποβάλει αίτημα", await browser.GetStringAsync("/seats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_has_no_script_or_style_of_its_own_and_its_module_is_ours()
    {
        var answer = await phaseB.Browser().GetAsync(new Uri("/seats", UriKind.Relative));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotMatch("<style| style=| on[a-z]+=", page);
        var script = Assert.Single(Script().Matches(page));
        Assert.Equal("text/javascript", (await phaseB.Browser().GetAsync("/" + script.Groups[1].Value)).EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        Assert.Equal(Regex.Count(page, "<script"), Regex.Count(page, """<script type="module" src="[a-z0-9.]+"></script>"""));
        Assert.Equal(1, Regex.Count(page, "aria-live=\"polite\""));
    }

    [Fact]
    public async Task An_event_passes_the_gateway_before_the_stream_ends() // unbuffered, uncompressed, and as the service sent it
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{Seats}/stream?since=1-5-abc-9", UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        request.Headers.Add("Last-Event-ID", "1-4-abc-9");
        using var answer = await phaseB.Browser().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal("no-store, no-cache", answer.Headers.CacheControl?.ToString());
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(": 1-4-abc-9?since=1-5-abc-9", await Line(lines));
        fixture.Upstream.Says.Writer.TryWrite("id: first\n\n");
        Assert.Equal("id: first", await Line(lines));
        fixture.Upstream.Says.Writer.TryWrite("id: second\n\n"); // only now does the service go on
        Assert.Equal("id: second", await Line(lines));
    }

    [Fact]
    public async Task A_gateway_that_stops_does_not_wait_for_its_readers()
    {
        var stopping = await Start(new(2023, 1, 26, 10, 0, 0, TimeSpan.Zero));
        using var answer = await stopping.Browser().GetAsync(new Uri($"{Seats}/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var body = answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var stop = stopping.DisposeAsync().AsTask();
        await Until.True(() => body.IsCompleted, "the end of the stream");
        await stop;
    }

    static async Task<string?> Line(StreamReader lines)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        string? line;
        while ((line = await lines.ReadLineAsync(limit.Token)) is "")
        {
        }
        return line;
    }

    async Task<ServiceUnderTest<Program>> Start(DateTimeOffset now, bool published = true)
    {
        fixture.Upstream.Answers[Seats] = published ? Answer : null;
        fixture.Upstream.Tags[Seats] = "\"1-5-abc-9\"";
        fixture.Upstream.Streams[$"{Seats}/stream"] = true;
        return await GatewayFixture.Start(fixture.Upstream, new FakeTimeProvider(now));
    }

    static List<string> Codes(string page) => [.. Row().Matches(page).Select(row => row.Groups[1].Value)];

    [GeneratedRegex("<tr data-programme=\"([^\"]+)\"")]
    private static partial Regex Row();

    [GeneratedRegex("<script type=\"module\" src=\"(seats[^\"]*\\.js)\"></script>")]
    private static partial Regex Script();

    [GeneratedRegex(@"\p{IsGreek}")]
    private static partial Regex Greek();
}
