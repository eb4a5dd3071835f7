using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>The addresses that are not written to, for the office: it may strike one off, and what was held back goes out.</summary>
public static class SuppressionEndpoints
{
    public static void MapSuppressions(this IEndpointRouteBuilder routes)
    {
        var suppressions = routes.MapGroup("/api/messages/suppressions").RequireAuthorization(Policies.Office).WithTags("messages");
        suppressions.MapGet("/", List);
        suppressions.MapDelete("/{address}", Remove);
    }

    static async Task<Ok<Paged<SuppressionLine>>> List(NotificationsDb db, CancellationToken cancel, int page = 1, int pageSize = 50)
    {
        (page, pageSize) = (Math.Clamp(page, 1, int.MaxValue / 200), Math.Clamp(pageSize, 1, 200));
        var lines = await db.Suppressions.OrderByDescending(s => s.Since).ThenBy(s => s.Address).Skip((page - 1) * pageSize).Take(pageSize)
            .Select(s => new SuppressionLine(s.Address, s.Cause, s.Detail, s.Message, s.Since)).ToListAsync(cancel);
        return TypedResults.Ok(new Paged<SuppressionLine>(lines, page, pageSize, await db.Suppressions.LongCountAsync(cancel)));
    }

    static async Task<Results<NoContent, NotFound>> Remove(string address, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Database.ExecuteSqlAsync($"delete from suppressions where address = lower({address})", cancel) == 0)
        {
            return TypedResults.NotFound();
        }
        await db.Database.ExecuteSqlAsync($"""
            update messages set state = 'Pending', due_at = now(), attempts = 0, error = null
            where state = 'Suppressed' and channel = 'Email' and lower(address) = lower({address})
            """, cancel);
        db.Record(OfficeAct.By(user, clock.GetUtcNow(), "suppression.lifted", subject: address.ToLowerInvariant()));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }
}

public record SuppressionLine(string Address, string Cause, string? Detail, Guid? Message, DateTimeOffset Since);
