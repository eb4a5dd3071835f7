using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Messages;

/// <summary>A teacher's own timeline: all that was sent to them, when, and whether it arrived (R29).</summary>
public static class OwnMessages
{
    public static void MapOwnMessages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/messages/mine", List).RequireAuthorization(Policies.Teacher).WithTags("messages");

    static async Task<Results<Ok<Paged<OwnMessage>>, ForbidHttpResult>> List(ClaimsPrincipal user, NotificationsDb db, CancellationToken cancel, int page = 1, int pageSize = 20)
    {
        if (user.RegistryNumber() is not { } me)
        {
            return TypedResults.Forbid();
        }
        (page, pageSize) = (Math.Clamp(page, 1, int.MaxValue / 200), Math.Clamp(pageSize, 1, 200));
        var mine = db.Messages.FromSql($"""
            select m.* from messages m join holders h on h.period = m.period and h.ticket = m.ticket where h.registry_number = {me}
            union all select m.* from messages m where m.registry_number = {me}
            """).AsNoTracking().Where(m => m.State != MessageState.Skipped);
        var found = await mine.OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Skip((page - 1) * pageSize).Take(pageSize)
            .Select(m => new OwnMessage(m.Id, m.Kind, m.Channel, m.State, m.Period, m.Subject, m.Body, m.Address, m.CreatedAt, m.SentAt, m.ReportedAt)).ToListAsync(cancel);
        return TypedResults.Ok(new Paged<OwnMessage>(found, page, pageSize, await mine.LongCountAsync(cancel)));
    }
}

/// <param name="Subject">As it was sent; null before.</param>
public record OwnMessage(
    Guid Id, MessageKind Kind, Channel Channel, MessageState State, string? Period, string? Subject, string? Body, string? Address,
    DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? ReportedAt);
