using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using EPimorfosi.Gateway.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>An account as it stands, with its internal token.</summary>
/// <param name="Until">Then it is looked up again.</param>
sealed record Session(ClaimsPrincipal Caller, string Stamp, string Token, DateTimeOffset Until);

/// <summary>
/// Accounts that are at work, remembered for the life of one internal token: the same token is forwarded again and again (services remember
/// having checked it), and a change of roles or of the security stamp counts within that life on every replica, at once on this one.
/// </summary>
sealed class Sessions(IDbContextFactory<GatewayDb> contexts, InternalTokens tokens, TimeProvider clock, IConfiguration configuration)
{
    internal const string Stamp = "stamp";
    const int Remembered = 100_000;

    readonly ConcurrentDictionary<string, Session> known = new();

    /// <summary>Null if nobody is signed in, or the account's stamp has changed since.</summary>
    public async ValueTask<Session?> Of(ClaimsPrincipal user, CancellationToken cancellationToken = default)
    {
        if (user.FindFirstValue("sub") is not { } subject || user.FindFirstValue(Stamp) is not { } stamp)
        {
            return null;
        }
        if (known.TryGetValue(subject, out var session) && session.Until > clock.GetUtcNow() && session.Stamp == stamp)
        {
            return session;
        }
        session = await Load(subject, cancellationToken);
        return session?.Stamp == stamp ? session : null;
    }

    public void Forget(Guid account) => known.TryRemove(account.ToString(), out _);

    public void ForgetAll() => known.Clear();

    async Task<Session?> Load(string subject, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!Guid.TryParse(subject, out var id) || await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancellationToken) is not { } account)
        {
            known.TryRemove(subject, out _);
            return null;
        }
        List<Claim> claims = [new("sub", subject), new("name", account.UserName!), .. account.Roles.Select(role => new Claim("role", role))];
        if (account.RegistryNumber is { } number)
        {
            claims.Add(new("registry_number", number));
        }
        if (account.Centre is { } centre)
        {
            claims.Add(new("centre", centre));
        }
        var (token, until) = await tokens.Issue(claims, cancellationToken);
        claims.Add(new(Stamp, account.SecurityStamp!));
        if (!account.TwoFactorEnabled && TwoFactor.IsRequired(configuration, account.Roles))
        {
            claims.Add(new(TwoFactor.Missing, "yes"));
        }
        var session = new Session(new(new ClaimsIdentity(claims, "session", "name", "role")), account.SecurityStamp!, token, until);
        if (known.Count >= Remembered)
        {
            known.Clear();
        }
        return known[subject] = session;
    }
}

/// <summary>
/// Who calls: what the bearer token says where the request has an Authorization header, else what the cookie says, replaced by the account as it
/// stands; nobody, if the session no longer holds.
/// </summary>
sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    internal const string Name = "session";

    string Means => Request.Headers.ContainsKey("Authorization") ? IdentityConstants.BearerScheme : IdentityConstants.ApplicationScheme;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        await Context.AuthenticateAsync(Means) is { Succeeded: true } said
            ? await sessions.Of(said.Principal, Context.RequestAborted) is { } session
                ? AuthenticateResult.Success(new(session.Caller, said.Properties, Name))
                : AuthenticateResult.Fail("The session has ended.")
            : AuthenticateResult.NoResult();

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Context.ChallengeAsync(Means, properties);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Context.ForbidAsync(Means, properties);
}
