using System.Net;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>The page on which a runner-up answers an offer (R25), without script.</summary>
public sealed class OfferPageTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    const string Path = "/offers/B2-1.7";

    [Fact]
    public async Task Who_follows_the_letters_link_signs_in_first_and_comes_back()
    {
        Given("open");
        var browser = fixture.Gateway.Browser();
        var sent = (await browser.GetAsync(Path)).Headers.Location!.OriginalString;
        Assert.Equal($"/sign-in?return={Uri.EscapeDataString(Path)}", new Uri(fixture.Gateway.Anyone().BaseAddress!, sent).PathAndQuery);
        var back = await browser.Submit(sent, null, ("Form.UserName", "office"), ("Form.Password", GatewayFixture.OfficePassword));
        Assert.Equal(Path, new Uri(fixture.Gateway.Anyone().BaseAddress!, back.Headers.Location!).AbsolutePath);
        var page = await browser.GetStringAsync(Path);
        Assert.Contains("Αποδέχομαι τη θέση", page, StringComparison.Ordinal);
        Assert.Contains("Σάββατο 28 Ιανουαρίου 2023, 11:00<", page, StringComparison.Ordinal); // of Athens
    }

    [Fact]
    public async Task An_answer_is_sent_once_and_the_page_then_shows_what_became_of_it()
    {
        Given("open");
        fixture.Upstream.Answers["/api/offers/B2-1.7/accept"] = """{"order":3}""";
        var browser = await SignedIn();
        var answer = await browser.Submit(Path, null, ("_handler", "accept"));
        Assert.Equal((HttpStatusCode.Redirect, Path), (answer.StatusCode, new Uri(fixture.Gateway.Anyone().BaseAddress!, answer.Headers.Location!).AbsolutePath));
        Given("accepted");
        var page = await browser.GetStringAsync(Path);
        Assert.Contains("Αποδεχθήκατε τη θέση.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Αποδέχομαι τη θέση", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_answer_says_why_and_another_persons_offer_is_not_found()
    {
        Given("open");
        fixture.Upstream.Answers["/api/offers/B2-1.7/decline"] = null; // a 409
        var browser = await SignedIn();
        var answer = await browser.Submit(Path, null, ("_handler", "decline"));
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Matches("(?s)role=\"alert\".*Όχι τώρα.*Γιατί όχι\\.", page);
        Assert.Contains("Δεν βρέθηκε αυτή η προσφορά", await browser.GetStringAsync("/offers/B2-1.8"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_from_elsewhere_answers_nothing()
    {
        Given("open");
        var browser = await SignedIn();
        var answer = await browser.PostAsync(new Uri(Path, UriKind.Relative), new FormUrlEncodedContent([KeyValuePair.Create("_handler", "accept")]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    void Given(string state)
    {
        fixture.Upstream.Answers["/api/offers/B2-1.7"] =
            $$"""{"id":"B2-1.7","period":"B2-1","programme":"ATH-01","offeredAt":"2023-01-26T09:00:00Z","expiresAt":"2023-01-28T09:00:00Z","state":"{{state}}"}""";
    }

    async Task<HttpClient> SignedIn()
    {
        var browser = fixture.Gateway.Browser();
        await browser.Login("office", GatewayFixture.OfficePassword, cookies: true);
        return browser;
    }
}
