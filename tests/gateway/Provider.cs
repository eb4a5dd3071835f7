using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A real OpenID Connect provider (OpenIddict), at which whoever the test names is signed in already.</summary>
public sealed class Provider : IAsyncDisposable
{
    public const string Client = "epimorfosi", ClientSecret = "known to both";

    readonly WebApplication server;

    Provider(WebApplication server) => this.server = server;

    public string Authority => server.Urls.First();

    /// <summary>What it vouches for.</summary>
    public Dictionary<string, object> Person { get; } = [];

    public static async Task<Provider> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        Provider? provider = null;
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode(); // no store: one client, codes that carry all themselves
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            server.RegisterScopes("profile", "email");
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != Client || context.RedirectUri?.EndsWith("/sign-in/outside/done", StringComparison.Ordinal) != true)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != Client || context.ClientSecret != ClientSecret)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }
                return default;
            }));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                var person = new ClaimsPrincipal(new ClaimsIdentity("provider"));
                foreach (var (name, value) in provider!.Person)
                {
                    _ = value is bool yes ? person.SetClaim(name, yes) : person.SetClaim(name, (string)value);
                }
                person.SetScopes(context.Request.GetScopes()).SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
                context.SignIn(person);
                return default;
            }));
        });
        provider = new(builder.Build());
        provider.server.UseAuthentication();
        await provider.server.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}
