using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Sending;

/// <summary>How many messages may go now, for all replicas together: a bucket in the database for each limit, filled at its rate.</summary>
public sealed class Allowance(IDbContextFactory<NotificationsDb> contexts)
{
    /// <summary>Takes up to what is asked of each; the rest has to wait.</summary>
    public async Task<Dictionary<string, int>> Take(IReadOnlyCollection<RateWish> wishes, CancellationToken cancel)
    {
        var limited = wishes.Where(w => w.PerSecond > 0).OrderBy(w => w.Scope, StringComparer.Ordinal).ToList(); // two workers never wait for each other crosswise
        var granted = wishes.ToDictionary(w => w.Scope, w => w.Wanted);
        if (limited.Count == 0)
        {
            return granted;
        }
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var scopes = limited.Select(w => w.Scope).ToArray();
        await db.Database.ExecuteSqlAsync($"""
            insert into rates (scope, tokens, at) select scope, greatest(per_second, 1), clock_timestamp()
            from unnest({scopes}, {limited.Select(w => w.PerSecond).ToArray()}) as w(scope, per_second) order by scope on conflict (scope) do nothing
            """, cancel);
        var buckets = await db.Rates.FromSql($"select scope, tokens, at from rates where scope = any({scopes}) order by scope collate \"C\" for update").ToDictionaryAsync(r => r.Scope, cancel);
        var now = await db.Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() as \"Value\"").SingleAsync(cancel);
        foreach (var wish in limited)
        {
            granted[wish.Scope] = buckets[wish.Scope].Take(wish.Wanted, wish.PerSecond, now);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return granted;
    }
}

/// <param name="Scope">What is limited: <c>Email</c>, or <c>Email/gmail.com</c>.</param>
/// <param name="PerSecond">0 for no limit.</param>
public record RateWish(string Scope, int Wanted, double PerSecond);

/// <summary>A limit's bucket. It holds what one second gives, and at least one message.</summary>
public class Rate
{
    public required string Scope { get; init; }
    public double Tokens { get; set; }
    public DateTimeOffset At { get; set; }

    public int Take(int wanted, double perSecond, DateTimeOffset now)
    {
        var full = Math.Min(Math.Max(1, perSecond), Tokens + perSecond * Math.Max(0, (now - At).TotalSeconds));
        var granted = Math.Min(wanted, (int)full);
        (Tokens, At) = (full - granted, now);
        return granted;
    }
}
