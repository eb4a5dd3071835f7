using System.Security.Claims;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.Messages;

/// <summary>What the office sees of messages, and what it can do about one that failed.</summary>
public static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/messages").RequireAuthorization(Policies.Office).WithTags("messages");
        messages.MapGet("/", List);
        messages.MapGet("/summary", Summarise);
        messages.MapGet("/{id:guid}", Get);
        messages.MapPost("/{id:guid}/retry", Retry);
    }

    static async Task<Results<Ok<Paged<MessageLine>>, ProblemHttpResult>> List(
        NotificationsDb db, IStringLocalizer<Texts> text, CancellationToken cancel, string? state = null, string? q = null, int page = 1, int pageSize = 50)
    {
        (page, pageSize) = (Math.Clamp(page, 1, int.MaxValue / 200), Math.Clamp(pageSize, 1, 200));
        var found = db.Messages.AsNoTracking();
        if (!string.IsNullOrEmpty(state))
        {
            if (!Enum.GetNames<MessageState>().Contains(state, StringComparer.OrdinalIgnoreCase) || !Enum.TryParse<MessageState>(state, ignoreCase: true, out var wanted))
            {
                return Problems.Refuse(StatusCodes.Status400BadRequest, "unknown-state", text["UnknownState"], string.Join(", ", Enum.GetNames<MessageState>()));
            }
            found = found.Where(m => m.State == wanted);
        }
        found = string.IsNullOrWhiteSpace(q) ? found : found.Where(m => m.Ticket == q || m.Recipient == q || m.RegistryNumber == q || m.Address == q
            || db.Holders.Any(h => h.RegistryNumber == q && h.Period == m.Period && h.Ticket == m.Ticket));
        var lines = await found.OrderByDescending(m => m.Id).Skip((page - 1) * pageSize).Take(pageSize).Select(m => new MessageLine(
            m.Id, m.Kind, m.Channel, m.State, m.Period, m.Recipient, m.Address, m.Subject, m.Attempts, m.Error, m.CreatedAt, m.DueAt, m.SentAt)).ToListAsync(cancel);
        return TypedResults.Ok(new Paged<MessageLine>(lines, page, pageSize, await found.LongCountAsync(cancel)));
    }

    static async Task<Ok<MessageSummary>> Summarise(NotificationsDb db, IOptions<SmsOptions> sms, CancellationToken cancel)
    {
        var parts = await db.Messages.Where(m => m.Parts != null).GroupBy(_ => 1)
            .Select(g => new SmsTotals(g.Sum(m => m.Parts!.Value), g.Sum(m => m.Cost ?? 0), sms.Value.Currency)).SingleOrDefaultAsync(cancel);
        var counts = await db.Messages.GroupBy(m => new { m.Period, m.Kind, m.Channel, m.State })
            .Select(g => new MessageCount(g.Key.Period, g.Key.Kind, g.Key.Channel, g.Key.State, g.LongCount())).ToListAsync(cancel);
        var results = await db.Draws.OrderBy(d => d.PublishedAt).Select(d => new ResultsTold(
            d.Period, d.Draw, d.Applications,
            db.Messages.LongCount(m => m.Channel == Channel.Email && m.EventKey.StartsWith(d.Period + "/draw/" + d.Draw + "/")))).ToListAsync(cancel);
        return TypedResults.Ok(new MessageSummary(
            counts.Sum(c => c.Count),
            Totals(c => c.State), Totals(c => c.Kind), Totals(c => c.Channel),
            [.. counts.OrderBy(c => c.Period).ThenBy(c => c.Kind).ThenBy(c => c.Channel).ThenBy(c => c.State)],
            results, parts,
            await db.Messages.Where(m => m.State == MessageState.Pending).MinAsync(m => (DateTimeOffset?)m.CreatedAt, cancel)));

        Dictionary<string, long> Totals<TKey>(Func<MessageCount, TKey> key) where TKey : notnull =>
            counts.GroupBy(key).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString()!, g => g.Sum(c => c.Count));
    }

    static async Task<Results<Ok<MessageWhole>, NotFound>> Get(Guid id, NotificationsDb db, CancellationToken cancel) =>
        await db.Messages.Where(m => m.Id == id).Select(m => new MessageWhole(
            m.Id, m.Kind, m.Channel, m.State, m.Period, m.Recipient, m.Address, m.Subject, m.Body, m.Attempts, m.Error, m.CreatedAt, m.DueAt, m.SentAt, m.ReportedAt, m.Parts, m.Cost))
            .SingleOrDefaultAsync(cancel) is { } message ? TypedResults.Ok(message) : TypedResults.NotFound();

    static async Task<Results<Accepted, NotFound, ProblemHttpResult>> Retry(
        Guid id, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (await db.Messages.Where(m => m.Id == id && m.SentAt != null).Select(m => (MessageKind?)m.Kind).SingleOrDefaultAsync(cancel) is { } kind && kind.HoldsSecret())
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "link-not-kept", text["LinkNotKept"], text["LinkNotKeptDetail"]);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var again = await db.Database.ExecuteSqlAsync(
            $"update messages set state = 'Pending', due_at = now(), attempts = 0 where id = {id} and state in ('Failed', 'Bounced')", cancel);
        if (again == 1)
        {
            db.Record(OfficeAct.By(user, clock.GetUtcNow(), "message.retried", subject: id.ToString()));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return TypedResults.Accepted($"/api/messages/{id}");
        }
        var state = await db.Messages.Where(m => m.Id == id).Select(m => (MessageState?)m.State).SingleOrDefaultAsync(cancel);
        return state is null
            ? TypedResults.NotFound()
            : Problems.Refuse(StatusCodes.Status409Conflict, "not-failed", text["NotFailed"], text["NotFailedDetail", state]);
    }
}

public record MessageLine(
    Guid Id, MessageKind Kind, Channel Channel, MessageState State, string? Period, string Recipient, string? Address, string? Subject,
    int Attempts, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? SentAt);

/// <param name="Body">The text as it was sent; null before.</param>
/// <param name="ReportedAt">When it was reported as delivered, or came back.</param>
/// <param name="Parts">Of an SMS.</param>
public record MessageWhole(
    Guid Id, MessageKind Kind, Channel Channel, MessageState State, string? Period, string Recipient, string? Address, string? Subject, string? Body,
    int Attempts, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, DateTimeOffset? SentAt, DateTimeOffset? ReportedAt, int? Parts, decimal? Cost);

/// <param name="OldestPending">When the oldest message that is still to be sent was stored; null if there is none.</param>
public record MessageSummary(
    long Total, IReadOnlyDictionary<string, long> ByState, IReadOnlyDictionary<string, long> ByKind, IReadOnlyDictionary<string, long> ByChannel,
    IReadOnlyList<MessageCount> Counts, IReadOnlyList<ResultsTold> Results, SmsTotals? Sms, DateTimeOffset? OldestPending);

/// <summary>What the SMS sent so far were counted as, and cost at the price of their day.</summary>
public record SmsTotals(int Parts, decimal Cost, string Currency);

public record MessageCount(string? Period, MessageKind Kind, Channel Channel, MessageState State, long Count);

/// <summary>I13: as many messages of the result must be stored as there were applications in the draw.</summary>
public record ResultsTold(string Period, int Draw, int Applications, long Messages);
