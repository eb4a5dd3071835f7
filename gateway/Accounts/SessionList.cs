using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>The sessions' table.</summary>
sealed class SessionList(IDbContextFactory<GatewayDb> contexts, TimeProvider clock)
{
    /// <summary>As long as a browser's cookie, and a program's refresh token, may lie unused.</summary>
    internal static readonly TimeSpan Browser = TimeSpan.FromHours(8), Program = TimeSpan.FromDays(14);

    /// <summary>What has ended goes at the same time.</summary>
    public async Task<Guid> Begin(Account account, string device, bool program, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await db.Sessions.Where(session => session.Account == account.Id && (session.Stamp != account.SecurityStamp || session.LastSeen < now - Program)).ExecuteDeleteAsync(cancellationToken);
        var begun = new OpenSession { Account = account.Id, Stamp = account.SecurityStamp!, Device = device, Program = program, Since = now, LastSeen = now };
        db.Sessions.Add(begun);
        await db.SaveChangesAsync(cancellationToken);
        return begun.Id;
    }

    public async Task<IReadOnlyList<OpenSession>> Of(Account account, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await db.Sessions.AsNoTracking()
            .Where(session => session.Account == account.Id && session.Stamp == account.SecurityStamp && session.LastSeen >= now - (session.Program ? Program : Browser))
            .OrderByDescending(session => session.LastSeen).ToListAsync(cancellationToken);
    }

    public async Task End(Guid account, Guid session, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Sessions.Where(one => one.Account == account && one.Id == session).ExecuteDeleteAsync(cancellationToken);
    }
}
