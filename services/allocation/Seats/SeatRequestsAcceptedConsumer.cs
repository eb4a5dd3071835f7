using EPimorfosi.Contracts.Applications;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Seats;

/// <summary>Keeps requests as they come, in whatever order and however often; <see cref="Decider"/> decides them in theirs (R23).</summary>
public sealed class SeatRequestsAcceptedConsumer(AllocationDb db) : IConsumer<SeatRequestsAccepted>
{
    public async Task Consume(ConsumeContext<SeatRequestsAccepted> context)
    {
        var (period, requests) = context.Message;
        long[] orders = [.. requests.Select(r => r.Order)];
        long?[] sequences = [.. requests.Select(r => r.Sequence)];
        int[] kinds = [.. requests.Select(r => (int)r.Kind)];
        string[] tickets = [.. requests.Select(r => r.Ticket)], lists = [.. requests.Select(r => string.Join(',', r.Preferences))];
        DateTimeOffset[] acceptedAt = [.. requests.Select(r => r.AcceptedAt.ToUniversalTime())];
        // The decider hears of it when this is committed.
        await db.Database.ExecuteSqlAsync($"""
            insert into seat_requests (period, "order", sequence, kind, ticket, preferences, accepted_at)
            select {period}, g."order", g.sequence, g.kind, g.ticket, string_to_array(g.list, ','), g.accepted_at
            from unnest({orders}, {sequences}, {kinds}, {tickets}, {lists}, {acceptedAt}) as g ("order", sequence, kind, ticket, list, accepted_at)
            on conflict do nothing;
            select pg_notify('seat_requests', {period});
            """, context.CancellationToken);
    }
}
