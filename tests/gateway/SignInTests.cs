using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace EPimorfosi.Gateway.Tests;

public class SignInTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task An_API_client_signs_in_with_a_bearer_token_and_is_told_who_it_is()
    {
        var client = await fixture.Gateway.SignedIn();
        var me = await client.GetFromJsonAsync<JsonNode>("/api/accounts/me");
        Assert.Equal("office", me!["userName"]!.GetValue<string>());
        Assert.Equal("office", Assert.Single(me["roles"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task The_answer_to_a_bearer_sign_in_has_the_shape_of_Identity()
    {
        var answer = await (await fixture.Gateway.Anyone().Login("office", GatewayFixture.OfficePassword)).Json();
        Assert.Equal("Bearer", answer["tokenType"]!.GetValue<string>());
        Assert.Equal(3600, answer["expiresIn"]!.GetValue<int>());
        Assert.NotEmpty(answer["accessToken"]!.GetValue<string>());
        Assert.NotEmpty(answer["refreshToken"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_browser_gets_a_cookie_that_script_cannot_read_and_other_sites_cannot_use()
    {
        var browser = fixture.Gateway.Browser();
        var answer = await browser.Login("office", GatewayFixture.OfficePassword, cookies: true);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("epimorfosi=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.PostAsync("/api/accounts/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task Behind_https_the_cookie_is_sent_over_https_only()
    {
        await using var gateway = await GatewayFixture.Start(null, null, ("PublicAddress", "https://epimorfosi.example"));
        var answer = await gateway.Browser().Login("office", GatewayFixture.OfficePassword, cookies: true);
        Assert.Contains("secure", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Contains("max-age", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer_in_the_callers_language()
    {
        var wrong = await fixture.Gateway.Anyone("en").Login("office", "not the password");
        var unknown = await fixture.Gateway.Anyone("en").Login("nobody", "not the password");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("sign-in-failed", await wrong.Problem());
        Assert.Equal((await wrong.Json())["title"]!.GetValue<string>(), (await unknown.Json())["title"]!.GetValue<string>());
        Assert.Equal("The user name or the password is not right.", (await wrong.Json())["title"]!.GetValue<string>());
        Assert.Contains("κωδικός", (await (await fixture.Gateway.Anyone().Login("office", "wrong")).Json())["title"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_the_right_one_too_until_the_time_is_over()
    {
        await (await fixture.Gateway.ImportAccounts("locked,teacher,111,,correct-password\n")).Json();
        var client = fixture.Gateway.Anyone();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.Login("locked", "wrong")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Login("locked", "correct-password")).StatusCode);
        await using var database = NpgsqlDataSource.Create(fixture.Gateway.Database);
        await using var later = database.CreateCommand("update accounts set lockout_end = lockout_end - interval '5 minutes' where user_name = 'locked'");
        Assert.Equal(1, await later.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await client.Login("locked", "correct-password")).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_renews_the_session_until_all_sessions_are_ended()
    {
        await (await fixture.Gateway.ImportAccounts("renewing,teacher,112,,correct-password\n")).Json();
        var client = fixture.Gateway.Anyone();
        var first = await (await client.Login("renewing", "correct-password")).Json();
        var renewed = await client.PostAsJsonAsync("/api/accounts/refresh", new { refreshToken = first["refreshToken"]!.GetValue<string>() });
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await renewed.Json())["accessToken"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/accounts/me")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync("/api/accounts/logout", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/accounts/me")).StatusCode);
        client.DefaultRequestHeaders.Authorization = null;
        var refused = await client.PostAsJsonAsync("/api/accounts/refresh", new { refreshToken = first["refreshToken"]!.GetValue<string>() });
        Assert.Equal("session-ended", await refused.Problem());
    }

    [Fact]
    public async Task Another_replica_knows_the_same_sessions()
    {
        var client = await fixture.Gateway.SignedIn();
        await using var replica = await fixture.Gateway.Again();
        var there = replica.Anyone();
        there.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task Nobody_can_register_themselves()
    {
        var answer = await fixture.Gateway.Anyone().PostAsJsonAsync("/api/accounts/register", new { email = "a@example.org", password = "correct-password" });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public void Every_route_names_who_may_use_it() =>
        Assert.Empty(fixture.Gateway.RoutesWithoutPolicy().Except(["{**path:file}", "/_framework/opaque-redirect"])); // the framework's own, unused and so denied
}
