using System.Text.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Defaults;
using MassTransit;

namespace EPimorfosi.Applications;

/// <summary>R19: takes in the published outcomes; those of a later draw win, and phase B's moves stay.</summary>
public sealed class OutcomesDecidedConsumer(ApplicationsDb db) : IConsumer<OutcomesDecided>
{
    public Task Consume(ConsumeContext<OutcomesDecided> context)
    {
        var outcomes = context.Message.Outcomes.OrderBy(outcome => outcome.Ticket, StringComparer.Ordinal).ToArray(); // one order, no deadlock
        return db.Connection().Execute("""
            insert into standings as mine (period, ticket, draw, outcome, seat, seat_number, last_number, strike_number)
            select $1, ticket, $2, outcome, seat, 0, 0, 0 from unnest($3::text[], $4::text[]::jsonb[], $5::text[]) as new (ticket, outcome, seat)
            on conflict (period, ticket) do update set draw = excluded.draw, outcome = excluded.outcome,
                seat = case when mine.seat_number = 0 then excluded.seat else mine.seat end
            where mine.draw < excluded.draw
            """, context.CancellationToken, context.Message.Period, context.Message.Draw,
            outcomes.Select(outcome => outcome.Ticket).ToArray(),
            outcomes.Select(outcome => JsonSerializer.Serialize(outcome, Outbox.Json)).ToArray(),
            outcomes.Select(outcome => outcome.Programme).ToArray());
    }
}

/// <summary>R31: an application was struck from the frozen list, or put back.</summary>
public sealed class ApplicationStruckConsumer(ApplicationsDb db) : IConsumer<ApplicationStruck>
{
    public Task Consume(ConsumeContext<ApplicationStruck> context)
    {
        var strike = context.Message;
        return db.Connection().Execute("""
            insert into standings as mine (period, ticket, draw, seat_number, last_number, struck_reason, strike_number) values ($1, $2, 0, 0, 0, $3, $4)
            on conflict (period, ticket) do update set struck_reason = excluded.struck_reason, strike_number = excluded.strike_number
            where mine.strike_number < excluded.strike_number
            """, context.CancellationToken, strike.Period, strike.Ticket, strike.Struck ? strike.Reason : null, strike.Number);
    }
}

/// <summary>The results are public: phase B can be claimed from now on.</summary>
public sealed class ResultsPublishedConsumer(ApplicationsDb db) : IConsumer<ResultsPublished>
{
    public Task Consume(ConsumeContext<ResultsPublished> context)
    {
        var results = context.Message;
        return db.Connection().Execute("""
            insert into draw_results as mine (period, draw, applications, placed, below_minimum, published_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (period) do update set draw = excluded.draw, applications = excluded.applications, placed = excluded.placed,
                below_minimum = excluded.below_minimum, published_at = excluded.published_at
            where mine.draw < excluded.draw
            """, context.CancellationToken, results.Period, results.Draw, results.Applications, results.Placed, results.BelowMinimum.ToArray(), results.PublishedAt.ToUniversalTime());
    }
}

/// <summary>
/// Lines of the claim log (R24), in whatever order they come: each is kept once by its number, and a ticket's standing follows the line with the
/// highest number.
/// </summary>
public sealed class SeatsDecidedConsumer(ApplicationsDb db) : IConsumer<SeatsDecided>
{
    public async Task Consume(ConsumeContext<SeatsDecided> context)
    {
        var (connection, period, cancel) = (db.Connection(), context.Message.Period, context.CancellationToken);
        var lines = context.Message.Decisions.OrderBy(line => line.Number).ToArray();
        await connection.Execute("""
            insert into decisions (period, number, "order", sequence, ticket, event, programme, rule, decided_at, expires_at)
            select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[])
            on conflict do nothing
            """, cancel, period, lines.Select(line => line.Number).ToArray(), lines.Select(line => line.Order).ToArray(), lines.Select(line => line.Sequence).ToArray(),
            lines.Select(line => line.Ticket).ToArray(), lines.Select(line => line.Event).ToArray(), lines.Select(line => line.Programme).ToArray(),
            lines.Select(line => line.Rule).ToArray(), lines.Select(line => line.DecidedAt.ToUniversalTime()).ToArray(),
            lines.Select(line => line.ExpiresAt?.ToUniversalTime()).ToArray());

        var moves = lines.Where(line => !LogEvents.IsOfOffer(line)).GroupBy(line => line.Ticket).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Last: group.Last(), Seat: group.LastOrDefault(line => LogEvents.MovesSeat(line.Event)))).ToArray();
        await connection.Execute("""
            insert into standings as mine (period, ticket, draw, seat, seat_number, last_number, last_event, last_sequence, last_rule, strike_number)
            select $1, ticket, 0, seat, seat_number, number, event, sequence, rule, 0
            from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[]) as new (ticket, seat, seat_number, number, event, sequence, rule)
            on conflict (period, ticket) do update set
                seat = case when excluded.seat_number > mine.seat_number then excluded.seat else mine.seat end,
                seat_number = greatest(excluded.seat_number, mine.seat_number),
                last_event = case when excluded.last_number > mine.last_number then excluded.last_event else mine.last_event end,
                last_sequence = case when excluded.last_number > mine.last_number then excluded.last_sequence else mine.last_sequence end,
                last_rule = case when excluded.last_number > mine.last_number then excluded.last_rule else mine.last_rule end,
                last_number = greatest(excluded.last_number, mine.last_number)
            """, cancel, period, moves.Select(move => move.Last.Ticket).ToArray(),
            moves.Select(move => move.Seat is null ? null : LogEvents.SeatAfter(move.Seat)).ToArray(), moves.Select(move => move.Seat?.Number ?? 0).ToArray(),
            moves.Select(move => move.Last.Number).ToArray(), moves.Select(move => move.Last.Event).ToArray(),
            moves.Select(move => move.Last.Sequence).ToArray(), moves.Select(move => move.Last.Rule).ToArray());
        await connection.Execute("select pg_notify('decisions', $1)", cancel, period);
    }
}

/// <summary>What the words of the log mean for a seat (R24).</summary>
static class LogEvents
{
    /// <summary>About an offer that was not taken: a ticket's standing is what it was.</summary>
    public static bool IsOfOffer(SeatDecision line) => line is { Event: "offered" or "declined" or "expired" } or { Event: "cancelled", Rule: "R25" };

    /// <summary>Waiting and refused leave the seat, a provisional one too, as it was.</summary>
    public static bool MovesSeat(string word) => word is "placed" or "promoted" or "accepted" or "rescued" or "overridden" or "released" or "cancelled";

    /// <summary>A released or cancelled line names the seat given up.</summary>
    public static string? SeatAfter(SeatDecision line) => line.Event is "released" or "cancelled" ? null : line.Programme;
}
