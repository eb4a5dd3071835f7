using System.Net.Http.Json;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EPimorfosi.Gateway.Tests;

public class InternalTokenTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task A_service_is_told_who_calls_by_a_token_that_the_published_keys_verify()
    {
        await (await fixture.Gateway.ImportAccounts("maria,teacher|trainer,200100,,correct-password\ncentre,centre,,9010001,correct-password\n")).Json();
        var teacher = await Verified(fixture.Gateway, await Forwarded(await fixture.Gateway.SignedIn("maria", "correct-password")));
        Assert.Equal("maria", teacher.Claims["name"]);
        Assert.Equal("200100", teacher.Claims["registry_number"]);
        Assert.Equal(["teacher", "trainer"], teacher.ClaimsIdentity.FindAll("role").Select(claim => claim.Value));
        Assert.False(teacher.Claims.ContainsKey("stamp"));
        var centre = await Verified(fixture.Gateway, await Forwarded(await fixture.Gateway.SignedIn("centre", "correct-password")));
        Assert.Equal("9010001", centre.Claims["centre"]);
    }

    [Fact]
    public async Task The_same_token_is_sent_again_and_again_for_services_remember_having_checked_it()
    {
        var client = await fixture.Gateway.SignedIn();
        Assert.Equal((await Forwarded(client)).Token, (await Forwarded(client)).Token);
    }

    [Fact]
    public async Task With_a_cookie_too_and_the_cookie_stays_here()
    {
        var browser = fixture.Gateway.Browser();
        (await browser.Login("office", GatewayFixture.OfficePassword, cookies: true)).EnsureSuccessStatusCode();
        var arrived = await Forwarded(browser);
        Assert.Empty(arrived.Cookie);
        Assert.Equal("office", (await Verified(fixture.Gateway, arrived)).Claims["name"]);
    }

    [Fact]
    public async Task What_a_caller_says_of_themselves_never_reaches_a_service()
    {
        var forged = await Forwarded(await fixture.Gateway.SignedIn());
        var client = fixture.Gateway.Anyone();
        client.DefaultRequestHeaders.Authorization = new("Bearer", forged.Token); // even the gateway's own word, played back
        client.DefaultRequestHeaders.Add("Cookie", "epimorfosi=made-up");
        var arrived = await Forwarded(client);
        Assert.Empty(arrived.Authorization);
        Assert.Empty(arrived.Cookie);
    }

    [Fact]
    public async Task A_trace_goes_on_through_the_gateway()
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = fixture.Gateway.Anyone().BaseAddress };
        client.DefaultRequestHeaders.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        Assert.StartsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-", (await Forwarded(client)).Traceparent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_signs_for_a_day_and_is_published_until_its_last_token_has_expired()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayFixture.Start(fixture.Upstream, clock);
        await using var replica = await gateway.Again();
        var first = await Key(gateway);
        Assert.Equal(first, await Key(replica));

        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        Assert.Equal(first, await Key(gateway));
        clock.Advance(TimeSpan.FromMinutes(6));
        var second = await Key(replica);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await Key(gateway));
        Assert.Equal([second, first], await Published(gateway));
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal([second], await Published(replica));
    }

    static async Task<Arrived> Forwarded(HttpClient client) => (await client.GetFromJsonAsync<Arrived>("/api/applications/echo"))!;

    static async Task<string> Key(ServiceUnderTest<Program> gateway)
    {
        var arrived = await Forwarded(await gateway.SignedIn());
        await Verified(gateway, arrived);
        return new JsonWebTokenHandler().ReadJsonWebToken(arrived.Token).Kid;
    }

    static async Task<string[]> Published(ServiceUnderTest<Program> gateway) =>
        [.. new JsonWebKeySet(await gateway.Anyone().GetStringAsync("/.well-known/jwks.json")).Keys.Select(key => key.Kid)];

    static async Task<TokenValidationResult> Verified(ServiceUnderTest<Program> gateway, Arrived arrived)
    {
        var now = (gateway.Clock ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(arrived.Token, new()
        {
            ValidIssuer = "epimorfosi-gateway",
            ValidAudience = "epimorfosi-services",
            ValidAlgorithms = ["ES256"],
            IssuerSigningKeys = new JsonWebKeySet(await gateway.Anyone().GetStringAsync("/.well-known/jwks.json")).GetSigningKeys(),
            LifetimeValidator = (from, until, _, _) => from <= now && now < until && until - from == TimeSpan.FromMinutes(5),
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        return result;
    }
}
