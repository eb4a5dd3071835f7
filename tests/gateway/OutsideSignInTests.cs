using System.Net;
using System.Text.Json.Nodes;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A provider, and a gateway that trusts it.</summary>
public sealed class OutsideFixture : IAsyncLifetime
{
    public const string Secret = "a good password";

    public Provider Provider { get; private set; } = null!;

    public ServiceUnderTest<Program> Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Provider = await Provider.Start();
        Gateway = await Start();
        await Gateway.ImportAccounts($"220001,teacher,220001,,{Secret}\n220002,teacher,220002,,{Secret}\ntwin-a,teacher,220009,,{Secret}\ntwin-b,trainer,220009,,{Secret}\n");
    }

    public Task<ServiceUnderTest<Program>> Start(params (string, string)[] more) => GatewayFixture.Start(null, null,
    [
        ("Accounts:OpenIdConnect:Authority", Provider.Authority), ("Accounts:OpenIdConnect:ClientId", Provider.Client), ("Accounts:OpenIdConnect:ClientSecret", Provider.ClientSecret),
        ("Accounts:OpenIdConnect:Name", "Πανελλήνιο Σχολικό Δίκτυο"), .. more,
    ]);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

/// <summary>Signing in by an OpenID Connect provider, against a real one.</summary>
public sealed class OutsideSignInTests(OutsideFixture fixture) : IClassFixture<OutsideFixture>
{
    readonly Provider provider = fixture.Provider;
    readonly ServiceUnderTest<Program> gateway = fixture.Gateway;

    [Fact]
    public async Task The_account_of_the_registry_number_is_opened_and_then_known_by_the_providers_own_name()
    {
        Person(("sub", "p-1"), ("registry_number", "220001"));
        var browser = gateway.Browser();
        Assert.Contains("Σύνδεση μέσω Πανελλήνιο Σχολικό Δίκτυο", await browser.GetStringAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal("/my/programmes", await Arrive(gateway, browser, "/sign-in/outside?return=%2Fmy%2Fprogrammes"));
        Assert.Equal("220001", (await Me(browser))["userName"]!.GetValue<string>());
        Person(("sub", "p-1"), ("registry_number", "220002")); // what it says later changes no link
        var again = gateway.Browser();
        Assert.Equal("/my/start", await Arrive(gateway, again));
        Assert.Equal("220001", (await Me(again))["userName"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("299999")]
    [InlineData("220009")] // of two accounts nobody can say which
    [InlineData(null)]
    public async Task Nobody_is_made_an_account_and_nobody_is_guessed(string? number)
    {
        Person([("sub", $"p-{number}"), .. number is null ? Array.Empty<(string, object)>() : [("registry_number", number)]]);
        var browser = gateway.Browser();
        Assert.Equal("/sign-in?outside=unknown", await Arrive(gateway, browser));
        Assert.Contains("Δεν βρέθηκε λογαριασμός για εσάς", await browser.GetStringAsync("/sign-in?outside=unknown"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Theory]
    [InlineData(true, "/my/start")]
    [InlineData(false, "/sign-in?outside=unknown")]
    public async Task An_email_counts_only_if_the_provider_verified_it(bool verified, string end)
    {
        await using var byEmail = await fixture.Start(("Accounts:OpenIdConnect:Claim", "email"));
        await byEmail.ImportAccounts($"mary@example.org,trainer,220003,,{OutsideFixture.Secret}\n");
        Person(("sub", "p-mary"), ("email", "Mary@example.org"), ("email_verified", verified));
        Assert.Equal(end, await Arrive(byEmail, byEmail.Browser()));
    }

    [Fact]
    public async Task An_answer_that_nobody_here_asked_for_signs_nobody_in()
    {
        Person(("sub", "p-2"), ("registry_number", "220002"));
        var (victim, attacker) = (gateway.Browser(), gateway.Browser());
        var toProvider = (await attacker.GetAsync("/sign-in/outside")).Headers.Location!;
        var answer = (await attacker.GetAsync(toProvider)).Headers.Location!;
        Assert.Equal("/sign-in?outside=failed", (await victim.GetAsync(answer)).Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, (await victim.GetAsync("/api/accounts/me")).StatusCode);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_button()
    {
        await using var plain = await GatewayFixture.Start(null);
        Assert.DoesNotContain("/sign-in/outside", await plain.Browser().GetStringAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await plain.Browser().GetAsync("/sign-in/outside")).StatusCode);
    }

    void Person(params (string Name, object Value)[] claims)
    {
        provider.Person.Clear();
        foreach (var (name, value) in claims)
        {
            provider.Person[name] = value;
        }
    }

    static async Task<JsonNode> Me(HttpClient browser) => await (await browser.GetAsync("/api/accounts/me")).Json();

    /// <summary>Goes where it is sent, to the provider and back, to the first page that is not on that way.</summary>
    static async Task<string> Arrive(ServiceUnderTest<Program> gateway, HttpClient browser, string from = "/sign-in/outside")
    {
        var at = new Uri(gateway.Anyone().BaseAddress!, from);
        for (var step = 0; step < 6; step++)
        {
            var answer = await browser.GetAsync(at);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            at = new(at, answer.Headers.Location!);
            if (at.Authority == gateway.Anyone().BaseAddress!.Authority && !at.AbsolutePath.StartsWith("/sign-in/outside", StringComparison.Ordinal))
            {
                return at.PathAndQuery;
            }
        }
        throw new InvalidOperationException($"The way did not end: {at}");
    }
}
