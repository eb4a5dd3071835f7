using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace EPimorfosi.Gateway.Tests;

public class GuardTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api/applications/echo")]
    [InlineData("/api/nothing")]
    public async Task Every_response_carries_the_security_headers(string path)
    {
        var headers = (await fixture.Gateway.Browser().GetAsync(path)).Headers;
        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        var policy = headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(headers.Contains("Server"));
    }

    [Fact]
    public async Task What_someone_signed_in_gets_is_neither_kept_nor_compressed_and_what_anybody_gets_is_compressed()
    {
        var signedIn = await fixture.Gateway.SignedIn();
        signedIn.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        var own = await signedIn.GetAsync("/api/accounts/me");
        Assert.True(own.Headers.CacheControl!.NoStore);
        Assert.Empty(own.Content.Headers.ContentEncoding);
        var anybody = fixture.Gateway.Browser();
        anybody.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        Assert.Equal(["br"], (await anybody.GetAsync("/")).Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    public async Task What_another_sites_page_makes_a_browser_send_is_refused(string header, string value)
    {
        var browser = fixture.Gateway.Browser();
        (await browser.Login("office", GatewayFixture.OfficePassword, cookies: true)).EnsureSuccessStatusCode();
        browser.DefaultRequestHeaders.Add(header, value);
        var refused = await browser.PutAsync("/api/applications/echo", JsonContent.Create(new { }));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("cross-site", await refused.Problem());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/applications/echo")).StatusCode);
    }

    [Fact]
    public async Task What_our_own_page_sends_is_not_refused()
    {
        var browser = fixture.Gateway.Browser();
        browser.DefaultRequestHeaders.Add("Origin", browser.BaseAddress!.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, (await browser.PutAsync("/api/applications/echo", JsonContent.Create(new { }))).StatusCode);
    }

    [Theory]
    [InlineData("/api/applications/echo", "Content-Length: 104857600")]
    [InlineData("/api/applications/echo", "Transfer-Encoding: chunked")]
    [InlineData("/api/applications/import", "Content-Length: 104857600")]
    [InlineData("/api/applications/import", "Transfer-Encoding: chunked")]
    [InlineData("/api/accounts/import", "Content-Length: 104857600")]
    public async Task A_body_of_100_MB_is_refused(string path, string length)
    {
        var token = (await fixture.Gateway.SignedIn()).DefaultRequestHeaders.Authorization;
        var address = fixture.Gateway.Anyone().BaseAddress!;
        using var connection = new TcpClient(address.Host, address.Port);
        await using var stream = connection.GetStream();
        var answer = new StreamReader(stream).ReadToEndAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: {token}\r\nContent-Type: text/csv\r\n{length}\r\nConnection: close\r\n\r\n"));
        var chunk = Encoding.ASCII.GetBytes($"{1 << 20:X}\r\n{new string('x', 1 << 20)}\r\n");
        try
        {
            for (var sent = 0; sent < 100 && !answer.IsCompleted; sent++)
            {
                await stream.WriteAsync(chunk);
            }
        }
        catch (IOException)
        {
            // Refused while we were sending.
        }
        var text = await answer;
        Assert.StartsWith("HTTP/1.1 413", text, StringComparison.Ordinal);
        Assert.Contains("too-large", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(16 << 10), InlineData((16 << 10) + 1), InlineData(300_000)]
    public async Task A_body_arrives_as_it_was_sent_whole_or_streamed(int length)
    {
        var path = $"/api/claims/whole-{length}";
        fixture.Upstream.Answers[path] = "{}";
        var body = string.Concat(Enumerable.Range(0, length).Select(n => (char)('a' + n % 26)));
        (await (await fixture.Gateway.SignedIn()).PostAsync(path, new StringContent(body))).EnsureSuccessStatusCode();
        Assert.Equal(("POST", path, body), Assert.Single(fixture.Upstream.Sent, sent => sent.Path == path));
    }

    [Fact]
    public async Task Half_a_body_goes_to_no_service()
    {
        const string Path = "/api/claims/half";
        fixture.Upstream.Answers[Path] = "{}";
        var token = (await fixture.Gateway.SignedIn()).DefaultRequestHeaders.Authorization;
        var address = fixture.Gateway.Anyone().BaseAddress!;
        using (var connection = new TcpClient(address.Host, address.Port))
        {
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {Path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: {token}\r\nContent-Length: 100\r\n\r\nten bytes."));
        }
        (await (await fixture.Gateway.SignedIn()).PostAsync(Path, new StringContent("all of it"))).EnsureSuccessStatusCode();
        Assert.Equal("all of it", Assert.Single(fixture.Upstream.Sent, sent => sent.Path == Path).Body);
    }

    [Fact]
    public async Task An_import_of_30_MB_passes()
    {
        var client = await fixture.Gateway.SignedIn();
        var answer = await client.PostAsync("/api/applications/import", new ByteArrayContent(new byte[30 << 20]));
        Assert.Equal(30 << 20, (await answer.Content.ReadFromJsonAsync<Arrived>())!.Length);
    }

    [Theory]
    [InlineData("el", "δεν είναι διαθέσιμη")]
    [InlineData("en", "not available")]
    public async Task A_service_that_is_down_is_a_503_in_the_callers_language(string language, string title)
    {
        var answer = await fixture.Gateway.Anyone(language).GetAsync("/api/messages/x");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("try-again", await answer.Problem());
        Assert.Contains(title, (await answer.Json())["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task An_address_that_keeps_trying_to_sign_in_is_told_to_wait_unless_its_network_is_exempt()
    {
        await using var gateway = await GatewayFixture.Start(null, null, ("RateLimits:SignInPerMinute", "3"));
        var client = gateway.Anyone("en");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.Login("nobody", "wrong")).StatusCode);
        }
        var refused = await client.Login("nobody", "wrong");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("too-many-requests", await refused.Problem());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/.well-known/jwks.json")).StatusCode);
    }

    [Fact]
    public async Task An_exempt_network_is_free_of_the_limits_per_address_but_not_of_those_per_account()
    {
        await using var gateway = await GatewayFixture.Start(
            null, null, ("RateLimits:SignInPerMinute", "1"), ("RateLimits:AddressPerMinute", "1"), ("RateLimits:AccountPerMinute", "5"), ("RateLimits:ExemptNetworks", "10.0.0.0/8, 127.0.0.0/8"));
        var client = await gateway.SignedIn();
        for (var call = 1; call <= 5; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/accounts/me")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Anyone().GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task The_API_document_holds_what_answers_and_names_what_does_not()
    {
        fixture.Upstream.Answers["/openapi/v1.json"] =
            """{"openapi":"3.1.1","paths":{"/api/programmes":{"get":{"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Me"}}}}}}}},"components":{"schemas":{"Me":{"type":"string"}}}}""";
        var document = await (await fixture.Gateway.Anyone().GetAsync("/openapi/v1.json")).Json();
        Assert.NotNull(document["paths"]!["/api/accounts/login"]);
        Assert.Equal("#/components/schemas/ProgrammesMe", document["paths"]!["/api/programmes"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>());
        Assert.Equal("object", document["components"]!["schemas"]!["Me"]!["type"]!.GetValue<string>());
        Assert.Equal("Notifications", Assert.Single(document["x-not-reachable"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task The_page_to_try_the_API_has_its_script_from_here()
    {
        var page = await fixture.Gateway.Browser().GetAsync("/api-docs");
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.Browser().GetAsync("/api-docs/scalar/scalar.js")).StatusCode);
    }
}
