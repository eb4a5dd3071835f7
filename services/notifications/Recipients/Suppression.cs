using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>An e-mail address that is not written to any more, for nothing arrives there or nothing is wanted.</summary>
public class Suppression
{
    /// <summary>In lower case.</summary>
    public required string Address { get; init; }

    /// <summary><c>bounce</c>, <c>complaint</c> or <c>office</c>.</summary>
    public required string Cause { get; init; }
    public string? Detail { get; init; }

    /// <summary>The message that came back.</summary>
    public Guid? Message { get; init; }
    public required DateTimeOffset Since { get; init; }

    public static Task Add(NotificationsDb db, string address, string cause, string? detail, Guid? message, DateTimeOffset since, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"""
            insert into suppressions (address, cause, detail, message, since)
            values (lower({address}), {cause}, {detail}, {message}, {since}) on conflict (address) do nothing
            """, cancel);
}
