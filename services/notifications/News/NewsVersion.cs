using System.Security.Claims;
using System.Text.Json;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Notifications.News;

/// <summary>An announcement or a frequent question as the office wrote it at some time: what was once public can be read again.</summary>
public class NewsVersion
{
    /// <summary>Of the announcement or question.</summary>
    public required Guid Id { get; init; }
    public required int Version { get; init; }

    /// <summary>What was sent in, as JSON.</summary>
    public required string Body { get; init; }
    public required string WrittenBy { get; init; }
    public required DateTimeOffset At { get; init; }

    public static NewsVersion Of(Guid id, int version, object body, ClaimsPrincipal user, DateTimeOffset at) =>
        new() { Id = id, Version = version, Body = JsonSerializer.Serialize(body, Outbox.Json), WrittenBy = user.DisplayName(), At = at };

    /// <summary>Two who change the same text: the second is told, and overwrites nothing.</summary>
    public static ProblemHttpResult Stale(IStringLocalizer<Texts> text) => Problems.Refuse(StatusCodes.Status409Conflict, "changed-meanwhile", text["NewsStale"], text["NewsStaleDetail"]);

    /// <returns>False if somebody else was quicker.</returns>
    public static async Task<bool> Save(NotificationsDb db, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException fault) when (fault is DbUpdateConcurrencyException or { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } })
        {
            return false;
        }
    }

    public static async Task<Ok<List<NewsVersionView>>> List(Guid id, NotificationsDb db, CancellationToken cancel) => TypedResults.Ok(
        (await db.NewsVersions.AsNoTracking().Where(v => v.Id == id).OrderByDescending(v => v.Version).ToListAsync(cancel))
            .ConvertAll(v => new NewsVersionView(v.Version, v.WrittenBy, v.At, JsonDocument.Parse(v.Body).RootElement)));
}

/// <param name="Body">As it was sent in.</param>
public record NewsVersionView(int Version, string WrittenBy, DateTimeOffset At, JsonElement Body);
