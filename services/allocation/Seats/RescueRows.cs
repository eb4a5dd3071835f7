using EPimorfosi.Allocation.Lists;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>Πρόγραμμα that the office keeps although it is below its minimum (R27): with a reason and a name, which are public (R31).</summary>
public sealed class KeptProgramme
{
    public required string Period { get; init; }
    public required string Programme { get; init; }
    public required string Reason { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>A programme that the rescue cancelled (R27).</summary>
public sealed class CancelledProgramme
{
    public required string Period { get; init; }
    public required string Programme { get; init; }
}

/// <summary>The rows that the rescue reads and writes, besides those of every decision.</summary>
static class RescueRows
{
    // A seat stands by its last line: a claim's, with the list of that claim; else the draw's or an offer's, with the list of the application.
    const string Standings = $"""
        select s.ticket, taken.sequence, coalesce(o.place, 0), coalesce(claim.preferences, a.preferences, array[]::text[])
        from seats s
        left join lateral (
          select sequence from seat_log l where l.period = s.period and l.ticket = s.ticket and {SeatEvents.EndsRanks} order by number desc limit 1) taken on true
        left join seat_log claim on claim.period = s.period and claim.sequence = taken.sequence and claim.event in ('{SeatEvents.Placed}', '{SeatEvents.Waiting}')
        left join outcomes o on o.period = s.period and o.draw = $2 and o.ticket = s.ticket collate "C"
        left join applications a on a.period = s.period and a.ticket = s.ticket collate "C"
        where s.period = $1
        """;

    public static async Task<RescueStart> Read(NpgsqlConnection connection, SeatHead head, CancellationToken cancellationToken)
    {
        var standings = new Dictionary<string, MemberStanding>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand(Standings, connection) { Parameters = { new() { Value = head.Period }, new() { Value = head.Draw } }, CommandTimeout = 0 })
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                standings[rows.GetString(0)] = new(rows.IsDBNull(1) ? null : rows.GetInt64(1), rows.GetInt32(2), rows.GetFieldValue<string[]>(3));
            }
        }
        await using var keeping = new NpgsqlCommand("select programme from kept_programmes where period = $1", connection) { Parameters = { new() { Value = head.Period } } };
        await using var kept = await keeping.ExecuteReaderAsync(cancellationToken);
        var programmes = new HashSet<string>(StringComparer.Ordinal);
        while (await kept.ReadAsync(cancellationToken))
        {
            programmes.Add(kept.GetString(0));
        }
        return new(standings, programmes);
    }

    public static async Task Store(NpgsqlConnection connection, string period, SeatBook book, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with head as (update seat_heads set rescued_at = $3 where period = $1)
            insert into cancelled_programmes (period, programme) select $1, p from unnest($2) as c (p)
            """, connection) { Parameters = { new() { Value = period }, new() { Value = book.Cancelled.ToArray() }, new() { Value = now } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
