using System.Security.Claims;
using EPimorfosi.Gateway.Guards;
using EPimorfosi.Gateway.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>The provider's name on the button; null where none is configured.</summary>
sealed record OutsideProvider(string? Name);

/// <summary>
/// Signing in by an OpenID Connect provider, where <c>Accounts:OpenIdConnect</c> names one (<c>Authority</c>, <c>ClientId</c>, <c>ClientSecret</c>, <c>Name</c>). It makes nobody an
/// account: it opens one that is there, found at first by what the provider vouches for (<c>Claim</c>: <c>registry_number</c>, or <c>email</c> with <c>email_verified</c>) and from then on by the
/// provider's own name for the person.
/// </summary>
static class OutsideSignIn
{
    internal const string Begin = "/sign-in/outside";
    const string Scheme = "outside", Back = "/sign-in/outside/back", ByEmail = "email";

    internal static void AddOutsideSignIn(this WebApplicationBuilder builder, CookieSecurePolicy secure)
    {
        var provider = builder.Configuration.GetSection("Accounts:OpenIdConnect");
        var authority = provider["Authority"] is { Length: > 0 } given ? given : null;
        builder.Services.AddSingleton(new OutsideProvider(authority is null ? null : provider["Name"] ?? new Uri(authority).Host));
        if (authority is null)
        {
            return;
        }
        builder.Services.AddAuthentication().AddOpenIdConnect(Scheme, oidc =>
        {
            (oidc.Authority, oidc.ClientId, oidc.ClientSecret) = (authority, provider["ClientId"], provider["ClientSecret"]);
            oidc.RequireHttpsMetadata = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            oidc.SignInScheme = IdentityConstants.ExternalScheme;
            oidc.CallbackPath = "/sign-in/outside/done";
            (oidc.ResponseType, oidc.ResponseMode, oidc.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true); // no form from elsewhere: cookies stay Lax
            (oidc.MapInboundClaims, oidc.SaveTokens, oidc.GetClaimsFromUserInfoEndpoint) = (false, false, true);
            oidc.Scope.Clear();
            foreach (var scope in (provider["Scope"] ?? "openid profile email").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                oidc.Scope.Add(scope);
            }
            foreach (var claim in new[] { Claim(provider), "email_verified" })
            {
                oidc.ClaimActions.MapJsonKey(claim, claim);
            }
            (oidc.CorrelationCookie.SameSite, oidc.NonceCookie.SameSite) = (SameSiteMode.Lax, SameSiteMode.Lax);
            (oidc.CorrelationCookie.SecurePolicy, oidc.NonceCookie.SecurePolicy) = (secure, secure);
            oidc.Events.OnRedirectToIdentityProvider = context =>
            {
                if (builder.Configuration["PublicAddress"] is { Length: > 0 } root) // behind a proxy that ends TLS the request does not know it
                {
                    context.ProtocolMessage.RedirectUri = root.TrimEnd('/') + oidc.CallbackPath;
                }
                return Task.CompletedTask;
            };
            oidc.Events.OnRemoteFailure = context =>
            {
                context.Response.Redirect("/sign-in?outside=failed");
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
    }

    internal static void MapOutsideSignIn(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<OutsideProvider>().Name is null)
        {
            return;
        }
        routes.MapGet(Begin, Challenge).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).ExcludeFromDescription();
        routes.MapGet(Back, Return).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).ExcludeFromDescription();
    }

    static string Claim(IConfiguration provider) => provider["Claim"] ?? "registry_number";

    static IResult Challenge(SignInManager<Account> signIn, string? @return) => Results.Challenge(
        signIn.ConfigureExternalAuthenticationProperties(Scheme, Back + (@return is null ? "" : $"?return={Uri.EscapeDataString(PagesSetup.Local(@return))}")), [Scheme]);

    static async Task<IResult> Return(HttpContext context, SignInManager<Account> signIn, GatewayDb db, IConfiguration configuration, string? @return)
    {
        if (await signIn.GetExternalLoginInfoAsync() is not { } outside)
        {
            return Results.LocalRedirect("/sign-in?outside=failed");
        }
        var accounts = signIn.UserManager;
        if (await accounts.FindByLoginAsync(outside.LoginProvider, outside.ProviderKey) is null)
        {
            if (await VouchedFor(outside.Principal, db, accounts, Claim(configuration.GetSection("Accounts:OpenIdConnect")), context.RequestAborted) is not { } account)
            {
                await context.SignOutAsync(IdentityConstants.ExternalScheme);
                return Results.LocalRedirect("/sign-in?outside=unknown");
            }
            account.EmailConfirmed = true; // the provider knows the person
            await accounts.AddLoginAsync(account, outside);
        }
        var result = await signIn.ExternalLoginSignInAsync(outside.LoginProvider, outside.ProviderKey, isPersistent: false, bypassTwoFactor: false);
        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        return Results.LocalRedirect(result switch
        {
            { Succeeded: true } => @return is null ? "/my/start" : PagesSetup.Local(@return),
            { RequiresTwoFactor: true } => "/sign-in/code" + (@return is null ? "" : $"?return={Uri.EscapeDataString(@return)}"),
            _ => "/sign-in?outside=locked",
        });
    }

    /// <summary>The one account that it can be; of several, none.</summary>
    static async Task<Account?> VouchedFor(ClaimsPrincipal who, GatewayDb db, UserManager<Account> accounts, string claim, CancellationToken cancellationToken)
    {
        if (who.FindFirstValue(claim) is not { Length: > 0 } value || (claim == ByEmail && !string.Equals(who.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }
        var email = accounts.NormalizeEmail(value);
        var found = await (claim == ByEmail ? db.Accounts.Where(account => account.NormalizedEmail == email) : db.Accounts.Where(account => account.RegistryNumber == value)).OrderBy(account => account.Id).Take(2).ToListAsync(cancellationToken);
        return found.Count == 1 ? found[0] : null;
    }
}
