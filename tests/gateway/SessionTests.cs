using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>One's own sessions: where one is signed in, and the end of one or of all others, on any replica.</summary>
public sealed partial class SessionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    const string Secret = "a good password", Phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";

    [Fact]
    public async Task One_session_is_ended_and_the_others_go_on()
    {
        var (here, phone, program) = (await SignedIn("three"), await SignedIn("three", Phone), await fixture.Gateway.SignedIn("three", Secret));
        var page = await here.GetStringAsync("/account");
        Assert.Contains("Chrome, Android", page, StringComparison.Ordinal);
        Assert.Contains("Πρόγραμμα (API)", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, ">Εδώ<"));
        Assert.Equal(2, Ending().Count(page)); // not one's own: that is what signing out is for

        var mobile = page[..page.IndexOf("Chrome, Android", StringComparison.Ordinal)].Length;
        var ended = await here.Submit("/account", null, ("_handler", "one"), ("Ending", Ending().Match(page, mobile).Groups[1].Value));
        Assert.Equal("/account?done=one", ended.Headers.Location?.PathAndQuery);
        Assert.Equal(HttpStatusCode.Unauthorized, (await phone.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/accounts/me")).StatusCode);

        await here.Submit("/account", null, ("_handler", "elsewhere"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_somebody_else()
    {
        var (mine, theirs) = (await SignedIn("nosy"), await SignedIn("other"));
        var other = await SignedIn("other", Phone);
        var session = Ending().Match(await theirs.GetStringAsync("/account")).Groups[1].Value;
        await mine.Submit("/account", null, ("_handler", "one"), ("Ending", session));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task A_cookie_that_was_copied_before_signing_out_is_worth_nothing_afterwards()
    {
        var browser = await SignedIn("leaving");
        using var copy = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = browser.BaseAddress };
        var cookie = (await fixture.Gateway.Browser().Login("leaving", Secret, cookies: true)).Headers.GetValues("Set-Cookie").First().Split(';')[0];
        copy.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Equal(HttpStatusCode.OK, (await copy.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await copy.PostAsync("/api/accounts/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await copy.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/accounts/me")).StatusCode);
    }

    /// <summary>The keys that protect cookies and forms are in the database, and so are the sessions.</summary>
    [Fact]
    public async Task A_browsers_session_and_its_open_form_outlive_a_restart_and_hold_on_any_replica()
    {
        await using var first = await GatewayFixture.Start(null);
        await first.ImportAccounts($"staying,teacher,112,,{Secret}\n");
        var cookies = new CookieContainer();
        using var before = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = first.Anyone().BaseAddress };
        await before.Login("staying", Secret, cookies: true);
        var form = Hidden().Matches(await before.GetStringAsync("/account")).Select(match => KeyValuePair.Create(match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value))).DistinctBy(pair => pair.Key).ToDictionary();
        await using var second = await first.Again();
        using var after = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = second.Anyone().BaseAddress };
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/api/accounts/me")).StatusCode);
        form["_handler"] = "elsewhere";
        var sent = await after.PostAsync(new Uri("/account", UriKind.Relative), new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
        Assert.Equal("/account?done=elsewhere", sent.Headers.Location?.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", "Edge, Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari, iPhone")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux")]
    [InlineData("curl/8.5.0 <script>", "")]
    public void A_device_is_named_in_two_words(string said, string name) => Assert.Equal(name, Accounts.Device.Of(said));

    async Task<HttpClient> SignedIn(string name, string? device = null)
    {
        await fixture.Gateway.ImportAccounts($"{name},teacher,111,,{Secret}\n");
        var browser = fixture.Gateway.Browser();
        browser.DefaultRequestHeaders.UserAgent.ParseAdd(device ?? "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        await browser.Login(name, Secret, cookies: true);
        return browser;
    }

    [GeneratedRegex("""name="Ending" value="([^"]+)""")]
    private static partial Regex Ending();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)""")]
    private static partial Regex Hidden();
}
