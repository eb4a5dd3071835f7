using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Gateway.Tests;

/// <summary>The pages that explain: a result by ticket, a programme before and after the draw, the draw in figures.</summary>
public sealed partial class PageFigureTests(PageFixture fixture) : IClassFixture<PageFixture>, IAsyncLifetime
{
    const string Ticket = "0123456789ABCDEF", Draws = "/api/draws/B2-2023-2";

    ServiceUnderTest<Program> later = null!;

    /// <summary>The same period the day after the results.</summary>
    public async ValueTask InitializeAsync() => later = await GatewayFixture.Start(fixture.Upstream, new FakeTimeProvider(new(2023, 1, 24, 10, 0, 0, TimeSpan.Zero)));

    public async ValueTask DisposeAsync() => await later.DisposeAsync();

    [Fact]
    public async Task Every_choice_has_its_explanation() // R19
    {
        fixture.Upstream.Answers[$"{Draws}/tickets/{Ticket}"] = $$"""
            {"ticket":"{{Ticket}}","place":412,"of":9310,"programme":"P3","rank":3,"provisional":false,"choices":[
             {"programme":"P1","cutOff":388,"members":15,"runnersUp":23,"runnerUp":9,"position":4},{"programme":"P2","cutOff":41,"members":1,"runnersUp":1200,"runnerUp":1002},
             {"programme":"P3","cutOff":412,"members":12,"runnersUp":5,"runnerUp":null},{"programme":"P4","cutOff":null,"members":8,"runnersUp":0,"runnerUp":null}]}
            """;
        var greek = await Read(later, $"/results?ticket={Ticket}");
        Assert.Contains("Η σειρά σας στην κλήρωση: 412 από 9.310.", greek, StringComparison.Ordinal);
        Assert.Contains("Την τελευταία από τις 15 θέσεις πήρε η αίτηση με σειρά 388· η δική σας σειρά είναι 412. Είστε στους επιλαχόντες, στην 9η σειρά από 23.", greek, StringComparison.Ordinal);
        Assert.Contains("Σήμερα είστε στην 4η σειρά αναμονής", greek, StringComparison.Ordinal);
        Assert.Contains("Πήρατε θέση σε αυτό το πρόγραμμα: την τελευταία από τις 12.", greek, StringComparison.Ordinal);
        Assert.Contains("Δεν εξετάστηκε: πήρατε θέση σε προηγούμενη προτίμησή σας.", greek, StringComparison.Ordinal);
        Assert.Contains("&lt;Πληροφορική&gt; &amp; ρομποτική", greek, StringComparison.Ordinal); // P1's title; of the others only the code is known
        Assert.Equal(3, Regex.Count(greek, "<svg class=\"strip\"")); // none for the choice that was not looked at
        var english = await Read(later, $"/results?ticket={Ticket}", "en");
        Assert.Contains("The last of the 15 seats went to place 388; your place is 412. You are a runner-up, number 9 of 23.", english, StringComparison.Ordinal);
        Assert.Contains("number 1002 of 1,200", english, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_got_nothing_is_told_so_and_what_they_may_do() // R21
    {
        fixture.Upstream.Answers[$"{Draws}/tickets/{Ticket}"] =
            $$"""{"ticket":"{{Ticket}}","place":500,"of":500,"programme":null,"rank":0,"provisional":false,"choices":[{"programme":"P1","cutOff":388,"members":15,"runnersUp":23,"runnerUp":23}]}""";
        var page = await Read(later, $"/results?ticket={Ticket}");
        Assert.Contains("κανένα από τα προγράμματα της λίστας σας δεν είχε πια ελεύθερη θέση", page, StringComparison.Ordinal);
        Assert.Contains("""<time datetime="2023-01-25T10:00:00Z">""", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_applications_are_open_a_programme_shows_whether_it_is_likely_to_run() // R20
    {
        fixture.Upstream.Answers[$"{Draws}/outlook"] =
            """{"draws":200,"applications":900,"asOf":"2023-01-09T09:30:00Z","estimate":true,"items":[{"programme":"P1","applications":34,"firstChoices":5,"expected":7,"minimum":10,"maximum":15,"needed":3,"viable":12,"draws":200}]}""";
        var page = await Read(fixture.Gateway, "/programmes/P1");
        Assert.Contains("Εκτίμηση", page, StringComparison.Ordinal);
        Assert.Matches("""<strong>7 από 10</strong> <meter min="0" max="10" low="10" optimum="10" value="7" aria-label="[^"]+">7 από 10</meter>""", page);
        Assert.Contains("σε 12 από 200 δοκιμαστικές κληρώσεις", page, StringComparison.Ordinal);
        Assert.Contains("""<time datetime="2023-01-09T09:30:00Z">""", page, StringComparison.Ordinal);
        fixture.Upstream.Answers[$"{Draws}/programmes/P1"] = null;
        Assert.DoesNotContain("<meter", await Read(later, "/programmes/P1"), StringComparison.Ordinal); // no estimate of what is decided
    }

    [Fact]
    public async Task After_the_draw_a_programme_shows_who_wanted_it_and_who_got_it()
    {
        fixture.Upstream.Answers[$"{Draws}/programmes/P1"] = """
            {"programme":"P1","members":15,"cutOff":1388,"runnersUp":23,"belowMinimum":false,"viable":true,"minimum":10,"maximum":15,
             "demand":{"first":30,"second":11,"third":4,"fourth":2},"membersByChoice":{"first":12,"second":3,"third":0,"fourth":0}}
            """;
        var page = await Read(later, "/programmes/P1");
        Assert.Contains("Την τελευταία θέση πήρε η αίτηση με σειρά 1.388 στην κλήρωση.", page, StringComparison.Ordinal);
        Assert.Equal([["1η προτίμηση", "30", "12"], ["2η προτίμηση", "11", "3"], ["3η προτίμηση", "4", "0"], ["4η προτίμηση και κάτω", "2", "0"], ["Σύνολο", "47", "15"]], Rows(page));
    }

    [Fact]
    public async Task The_draw_in_figures_has_every_figure_in_a_table()
    {
        fixture.Upstream.Answers[$"{Draws}/statistics"] = """
            {"period":"B2-2023-2","draw":1,"applications":1000,"programmes":3,"belowMinimum":1,"seats":900,"placed":800,"none":200,
             "shares":{"firstChoice":0.6,"topThree":0.79,"anyChoice":0.8,"none":0.2},"ranks":[{"rank":1,"count":600,"share":0.6},{"rank":3,"count":190,"share":0.19},{"rank":12,"count":10,"share":0.01}],
             "clusters":[{"of":"B2.4","programmes":3,"belowMinimum":1,"seats":900,"applications":1000,"placed":800,"firstChoice":600}],
             "prefectures":[{"of":"GR-01","programmes":3,"belowMinimum":1,"seats":900,"placed":800}]}
            """;
        var page = await Read(later, "/statistics");
        Assert.Equal(
            [
                ["1η προτίμηση", "600", "60,0%"], ["2η προτίμηση", "0", "0,0%"], ["3η προτίμηση", "190", "19,0%"],
                .. Enumerable.Range(4, 7).Select(rank => new[] { $"{rank}η προτίμηση", "0", "0,0%" }),
                ["11η προτίμηση και κάτω", "10", "1,0%"], ["Χωρίς θέση", "200", "20,0%"],
                ["Β2.4 Πληροφορική", "1.000", "3", "900", "800", "80%", "600"], ["Αιτωλοακαρνανίας", "3", "900", "800", "89%", "1"],
            ], Rows(page));
        Assert.Equal(3, Regex.Count(page, "<table"));
        Assert.DoesNotMatch(Greek(), (await Read(later, "/statistics", "en")).Replace("Ελληνικά", "", StringComparison.Ordinal));
        fixture.Upstream.Answers[$"{Draws}/statistics"] = null;
        await Until.True(async () => (await Read(later, "/statistics")).Contains("δεν έχουν δημοσιευθεί ακόμη", StringComparison.Ordinal), "figures that are not public yet");
    }

    [Fact]
    public async Task The_figures_need_no_script_and_no_style_of_their_own()
    {
        await Every_choice_has_its_explanation();
        await After_the_draw_a_programme_shows_who_wanted_it_and_who_got_it();
        foreach (var path in new[] { "/statistics", "/programmes/P1", $"/results?ticket={Ticket}" })
        {
            var page = await Read(later, path);
            Assert.DoesNotMatch("<script(?! type=\"module\" src=\"site\\.[a-z0-9]+\\.js\")|<style| style=| on[a-z]+=", page); // the policy would refuse them
        }
    }

    /// <summary>The tables' rows, as texts.</summary>
    static List<string[]> Rows(string page) =>
        [.. Row().Matches(page).Select(row => Cell().Matches(row.Value).Select(cell => WebUtility.HtmlDecode(cell.Groups[1].Value)).ToArray())];

    static async Task<string> Read(ServiceUnderTest<Program> gateway, string path, string language = "el")
    {
        var page = await gateway.Browser(language).GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("""<tr[^>]*><th scope="row">.*?</tr>""", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<t[hd][^>]*>([^<]*)</t[hd]>")]
    private static partial Regex Cell();

    [GeneratedRegex(@"\p{IsGreek}")]
    private static partial Regex Greek();
}
