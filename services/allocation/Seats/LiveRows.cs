using System.Data;
using System.Text.Json;
using EPimorfosi.Allocation.Lists;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>The rows that live seats are counted from.</summary>
static class LiveRows
{
    /// <summary>The period's seats as of now; the snapshot before if nothing was decided since; null while no results are public.</summary>
    public static async Task<LiveSnapshot?> Read(NpgsqlConnection connection, string period, LiveSnapshot? before, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var edition = await Edition(connection, period, cancellationToken);
        if (edition is null || edition == before?.Edition)
        {
            return edition is null ? null : before;
        }
        var catalogue = before?.Edition.Catalogue == edition.Catalogue ? before.Catalogue : await CanonicalLists.Programmes(connection, period, cancellationToken);
        return LiveSnapshot.Next(before, edition, catalogue, await Counts(connection, period, cancellationToken), json);
    }

    /// <summary>Seats of a draw stand until the results of another are public, and while there is no head none is decided.</summary>
    static async Task<SeatEdition?> Edition(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, """
            select d.number, coalesce(h.lines, 0), coalesce(h.hash, ''), (select coalesce(sum(version), 0) from programmes where period = $1)
            from draws d left join seat_heads h on h.period = d.period
            where d.period = $1 and d.published_at is not null order by d.number desc limit 1
            """, period);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3)) : null;
    }

    static async Task<Dictionary<string, SeatCount>> Counts(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, $"""
            select programme, sum(member)::int, sum(offer)::int, bool_or(cancelled) from (
              select programme, 1 as member, 0 as offer, false as cancelled from seats where period = $1
              union all select programme, 0, 1, false from offers where period = $1 and state = '{SeatEvents.Offered}'
              union all select programme, 0, 0, true from cancelled_programmes where period = $1) as taken
            group by programme
            """, period);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, SeatCount>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            counts[rows.GetString(0)] = new(rows.GetInt32(1), rows.GetInt32(2), rows.GetBoolean(3));
        }
        return counts;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string period) => new(sql, connection) { Parameters = { new() { Value = period } } };
}
