using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A gateway with an upstream in the place of all services, and the office's account.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public const string OfficePassword = "a good long password";

    public ServiceUnderTest<Program> Gateway { get; private set; } = null!;

    public Upstream Upstream { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Upstream = await Upstream.Start();
        Gateway = await Start(Upstream);
    }

    public static Task<ServiceUnderTest<Program>> Start(Upstream? upstream, FakeTimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        var nobody = "http://127.0.0.1:1/"; // nothing listens there
        var all = new Dictionary<string, string>
        {
            ["Services:Programmes"] = upstream?.Address ?? nobody,
            ["Services:Applications"] = upstream?.Address ?? nobody,
            ["Services:Allocation"] = upstream?.Address ?? nobody,
            ["Services:Notifications"] = nobody,
            ["Accounts:OfficePassword"] = OfficePassword,
            ["Accounts:PasswordIterations"] = "1000",
            ["Pages:CacheSeconds"] = "0",
            ["RateLimits:SignInPerMinute"] = "100000",
            ["RateLimits:AddressPerMinute"] = "100000",
            ["RateLimits:AccountPerMinute"] = "100000",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }
        return ServiceUnderTest<Program>.Start(clock, all);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}

/// <summary>What people and programs do at the gateway.</summary>
static partial class Visitors
{
    /// <summary>A browser without script: keeps cookies, and shows where it is sent instead of going there.</summary>
    public static HttpClient Browser(this ServiceUnderTest<Program> gateway, string language = "el")
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = gateway.Anyone().BaseAddress };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html,*/*;q=0.8");
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return browser;
    }

    public static Task<HttpResponseMessage> Login(this HttpClient client, string userName, string password, bool cookies = false) =>
        client.PostAsJsonAsync($"/api/accounts/login{(cookies ? "" : "?useCookies=false")}", new { userName, password });

    /// <summary>An API client, signed in.</summary>
    public static async Task<HttpClient> SignedIn(this ServiceUnderTest<Program> gateway, string userName = "office", string password = GatewayFixture.OfficePassword)
    {
        var client = gateway.Anyone("en");
        var answer = await (await client.Login(userName, password)).EnsureSuccessStatusCode().Json();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer["accessToken"]!.GetValue<string>());
        return client;
    }

    public static async Task<HttpResponseMessage> ImportAccounts(this ServiceUnderTest<Program> gateway, string lines, string query = "") =>
        await (await gateway.SignedIn()).ImportAccounts(Encoding.UTF8.GetBytes("user_name,role,registry_number,centre,password\n" + lines), query);

    public static Task<HttpResponseMessage> ImportAccounts(this HttpClient client, byte[] file, string query = "") =>
        client.PostAsync($"/api/accounts/import{query}", new ByteArrayContent(file) { Headers = { ContentType = new("text/csv") } });

    public static async Task<JsonNode> Json(this HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    public static async Task<string> Problem(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (await answer.Json())["type"]!.GetValue<string>()["urn:epimorfosi:problem:".Length..];
    }

    /// <summary>Fills in the form of a page and sends it, with what the page hid in it; of several forms the one that <c>_handler</c> names.</summary>
    public static async Task<HttpResponseMessage> Submit(this HttpClient browser, string path, string? to = null, params (string Name, string Value)[] fields)
    {
        var page = await browser.GetStringAsync(path);
        var hidden = Hidden().Matches(page).Select(match => KeyValuePair.Create(match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value))).DistinctBy(pair => pair.Key)
            .Where(pair => fields.All(field => field.Name != pair.Key));
        return await browser.PostAsync(to ?? path, new FormUrlEncodedContent(hidden.Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))));
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)""")]
    private static partial Regex Hidden();
}
