using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>ASP.NET Core Identity: a cookie for browsers, a bearer token for API clients.</summary>
static class AccountsSetup
{
    /// <summary>The session cookie's name.</summary>
    internal const string Cookie = "epimorfosi";

    internal static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var https = builder.Configuration["PublicAddress"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;
        var secure = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        services.AddHostedService<FirstAccounts>(); // after the migrations, before the key ring is first read
        services.AddDataProtection().SetApplicationName("epimorfosi").PersistKeysToDbContext<GatewayDb>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "epimorfosi-form";
            antiforgery.Cookie.SecurePolicy = secure;
        });
        services.AddAuthentication(SessionHandler.Name)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionHandler.Name, null)
            .AddBearerToken(IdentityConstants.BearerScheme)
            .AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(cookie =>
            {
                cookie.Cookie.Name = Cookie;
                cookie.Cookie.SecurePolicy = secure;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.LoginPath = "/sign-in";
                cookie.AccessDeniedPath = "/denied";
                cookie.ReturnUrlParameter = "return";
                cookie.ExpireTimeSpan = SessionList.Browser;
                cookie.Events.OnRedirectToLogin = Answer(StatusCodes.Status401Unauthorized);
                cookie.Events.OnRedirectToAccessDenied = Answer(StatusCodes.Status403Forbidden);
            }));
        services.AddIdentityCore<Account>(identity =>
            {
                identity.ClaimsIdentity = new() { UserIdClaimType = "sub", UserNameClaimType = "name", RoleClaimType = "role", SecurityStampClaimType = Sessions.Stamp };
                // NIST SP 800-63B: length, not ornaments.
                identity.Password = new() { RequiredLength = 8, RequiredUniqueChars = 4, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
                identity.Lockout = new() { MaxFailedAccessAttempts = FailedNames.Most, DefaultLockoutTimeSpan = FailedNames.Wait };
                identity.Tokens.PasswordResetTokenProvider = PasswordTokens.Provider;
                identity.User.AllowedUserNameCharacters = AccountImport.UserNameCharacters;
            })
            .AddEntityFrameworkStores<GatewayDb>()
            .AddSignInManager<SignIns>()
            .AddTokenProvider<AuthenticatorTokenProvider<Account>>(TokenOptions.DefaultAuthenticatorProvider)
            .AddTokenProvider<InvitationTokens>(InvitationTokens.Provider)
            .AddTokenProvider<PasswordTokens>(PasswordTokens.Provider);
        services.AddScoped<IUserClaimsPrincipalFactory<Account>, SessionClaims>();
        services.AddSingleton<SessionList>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<FailedNames>();
        services.AddScoped<AccountErasure>();
        services.Configure<PasswordTokens.Validity>(validity => validity.TokenLifespan = TimeSpan.FromMinutes(builder.Configuration.GetValue("Accounts:PasswordLinkMinutes", 120)));
        services.AddSingleton<PasswordLetters>();
        services.AddHostedService(provider => provider.GetRequiredService<PasswordLetters>());
        builder.AddOutsideSignIn(secure);
        services.AddSingleton<KeptForms>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = builder.Configuration.GetValue("Accounts:PasswordIterations", 100_000));
    }

    /// <summary>Pages lead to the sign-in page; the API answers with a status.</summary>
    static Func<RedirectContext<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>, Task> Answer(int status) => async context =>
    {
        if (context.Request.Path.StartsWithSegments("/api") || status == StatusCodes.Status403Forbidden)
        {
            context.Response.StatusCode = status;
        }
        else if (await context.HttpContext.RequestServices.GetRequiredService<KeptForms>().Keep(context.HttpContext))
        {
            context.Response.Redirect($"/sign-in?return={Uri.EscapeDataString(KeptForms.Page)}");
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }
    };
}

/// <summary>What a cookie or bearer token says: who, and the stamp that ends it. Roles are looked up, so that a change of them counts at once.</summary>
sealed class SessionClaims : IUserClaimsPrincipalFactory<Account>
{
    public Task<ClaimsPrincipal> CreateAsync(Account user) => Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity(
        [new("sub", user.Id.ToString()), new("name", user.UserName!), new(Sessions.Stamp, user.SecurityStamp!)], "session", "name", "role")));
}
