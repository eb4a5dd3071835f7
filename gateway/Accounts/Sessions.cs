using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using EPimorfosi.Gateway.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>A session with its account as that stands, and its internal token.</summary>
/// <param name="Until">Then it is looked up again.</param>
sealed record Session(ClaimsPrincipal Caller, string Stamp, string Token, DateTimeOffset Until);

/// <summary>
/// Sessions that are at work, remembered for the life of one internal token: the same token is forwarded again and again (services remember
/// having checked it), and a change of roles or of the security stamp, or the end of the session, counts within that life on every replica, at once on this one.
/// </summary>
sealed class Sessions(IDbContextFactory<GatewayDb> contexts, InternalTokens tokens, SessionList list, TimeProvider clock, IConfiguration configuration)
{
    /// <summary>Claims: the account's stamp, and the session's own id.</summary>
    internal const string Stamp = "stamp", Own = "session";
    const int Remembered = 100_000;
    static readonly TimeSpan SeenAgain = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, Session> known = new();

    /// <summary>Null if nobody is signed in, the session was ended, or the account's stamp has changed since.</summary>
    public async ValueTask<Session?> Of(ClaimsPrincipal user, CancellationToken cancellationToken = default)
    {
        if (user.FindFirstValue("sub") is not { } subject || user.FindFirstValue(Stamp) is not { } stamp || user.FindFirstValue(Own) is not { } own)
        {
            return null;
        }
        if (known.TryGetValue(own, out var session) && session.Until > clock.GetUtcNow() && session.Stamp == stamp)
        {
            return session;
        }
        session = await Load(subject, own, cancellationToken);
        return session?.Stamp == stamp ? session : null;
    }

    public void Forget(Guid account)
    {
        foreach (var (own, session) in known)
        {
            if (session.Caller.HasClaim("sub", account.ToString()))
            {
                known.TryRemove(own, out _);
            }
        }
    }

    public void ForgetAll() => known.Clear();

    public async Task End(Guid account, Guid session, CancellationToken cancellationToken)
    {
        await list.End(account, session, cancellationToken);
        known.TryRemove(session.ToString(), out _);
    }

    /// <summary>Ends the session of who calls.</summary>
    public Task End(ClaimsPrincipal caller, CancellationToken cancellationToken) =>
        Guid.TryParse(caller.FindFirstValue("sub"), out var account) && Guid.TryParse(caller.FindFirstValue(Own), out var session) ? End(account, session, cancellationToken) : Task.CompletedTask;

    async Task<Session?> Load(string subject, string own, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (!Guid.TryParse(subject, out var id) || !Guid.TryParse(own, out var sessionId)
            || await db.Sessions.AsNoTracking().Where(one => one.Id == sessionId && one.Account == id).Join(db.Accounts.AsNoTracking(), one => one.Account, one => one.Id, (one, owner) => new { owner, one.LastSeen })
                .SingleOrDefaultAsync(cancellationToken) is not { owner: var account } found)
        {
            known.TryRemove(own, out _);
            return null;
        }
        if (found.LastSeen < now - SeenAgain)
        {
            await db.Sessions.Where(one => one.Id == sessionId).ExecuteUpdateAsync(change => change.SetProperty(one => one.LastSeen, now), cancellationToken);
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
        claims.AddRange([new(Stamp, account.SecurityStamp!), new(Own, own)]);
        claims.AddRange(FirstUse.Missing(configuration, account));
        var session = new Session(new(new ClaimsIdentity(claims, "session", "name", "role")), account.SecurityStamp!, token, until);
        if (known.Count >= Remembered)
        {
            known.Clear();
        }
        return known[own] = session;
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
