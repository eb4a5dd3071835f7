using System.Text.Json;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;
using NpgsqlTypes;

namespace EPimorfosi.Allocation.Seats;

/// <summary>The rows a batch of decisions reads and writes.</summary>
static class SeatRows
{
    /// <summary>Where the period's phase B stands; null before its draw is published.</summary>
    public static Task<SeatHead?> Head(NpgsqlConnection connection, string period, CancellationToken cancellationToken) => Head(connection, period, "", cancellationToken);

    /// <summary>The same; whoever else decides waits until the transaction ends.</summary>
    public static Task<SeatHead?> LockHead(NpgsqlConnection connection, string period, CancellationToken cancellationToken) => Head(connection, period, "for update", cancellationToken);

    static async Task<SeatHead?> Head(NpgsqlConnection connection, string period, string locked, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select draw, next_order, lines, hash, rescued_at from seat_heads where period = $1 {locked}", connection)
        { Parameters = { new() { Value = period } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new()
            {
                Period = period,
                Draw = row.GetInt32(0),
                NextOrder = row.GetInt64(1),
                Lines = row.GetInt64(2),
                Hash = row.GetString(3),
                RescuedAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
            }
            : null;
    }

    /// <summary>The requests from the next one on, up to the first gap; a rescue (R27) comes alone, for it goes by what the rows have after all before it.</summary>
    public static async Task<List<SeatRequest>> NextRequests(NpgsqlConnection connection, SeatHead head, int size, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select "order", sequence, kind, ticket, preferences, accepted_at from seat_requests
            where period = $1 and "order" >= $2 order by "order" limit $3
            """, connection) { Parameters = { new() { Value = head.Period }, new() { Value = head.NextOrder }, new() { Value = size } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var requests = new List<SeatRequest>();
        while (await rows.ReadAsync(cancellationToken) && rows.GetInt64(0) == head.NextOrder + requests.Count)
        {
            requests.Add(new(rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetInt64(1), (SeatRequestKind)rows.GetInt32(2), rows.GetString(3),
                rows.GetFieldValue<string[]>(4), rows.GetFieldValue<DateTimeOffset>(5)));
        }
        var rescue = requests.FindIndex(request => request.Kind == SeatRequestKind.Rescue);
        return rescue < 0 ? requests : requests[..Math.Max(1, rescue)];
    }

    /// <summary>The book as the rows have it: members are counted from seats, never kept as a number.</summary>
    public static async Task<(SeatBook Book, Policy Policy)> Load(NpgsqlConnection connection, PublishedLines published, SeatHead head, CancellationToken cancellationToken)
    {
        var programmes = (await CanonicalLists.Programmes(connection, head.Period, cancellationToken)).ToDictionary(programme => programme.Code);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Select("select code, below_minimum from drawn_programmes where period = $1 and draw = $2", head.Period, head.Draw),
                Select("select ticket, programme from seats where period = $1", head.Period),
                Select("select ticket, sequence, preferences from waiting_claims where period = $1 order by sequence", head.Period),
                Select("select body->>'policy' from periods where code = $1", head.Period),
                Select("select ticket, programme from offers where period = $1 and state = 'offered' order by number", head.Period),
                Select("select programme, ticket from offers where period = $1 order by number", head.Period),
                Select($"select distinct ticket from seat_log where period = $1 and {SeatEvents.EndsRanks}", head.Period),
                Select("select programme from cancelled_programmes where period = $1", head.Period),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var known = await Read(rows, () => (Code: rows.GetString(0), Below: rows.GetBoolean(1)), cancellationToken);
        var seats = await Read(rows, () => KeyValuePair.Create(rows.GetString(0), rows.GetString(1)), cancellationToken);
        var waiting = await Read(rows, () => new WaitingClaim(rows.GetString(0), rows.GetInt64(1), rows.GetFieldValue<string[]>(2)), cancellationToken);
        var policy = JsonSerializer.Deserialize<Policy>((await Read(rows, () => rows.GetString(0), cancellationToken)).Single(), Outbox.Json)!;
        var open = await Read(rows, () => new OpenOffer(rows.GetString(0), rows.GetString(1)), cancellationToken);
        var had = await Read(rows, () => (Programme: rows.GetString(0), Ticket: rows.GetString(1)), cancellationToken);
        var ended = await Read(rows, () => rows.GetString(0), cancellationToken);
        var cancelled = await Read(rows, () => rows.GetString(0), cancellationToken);
        await rows.DisposeAsync();
        var lines = await published.Of(connection, head.Period, head.Draw, policy.Upgrade, cancellationToken);
        // Offers go along the line, so the last one tells how far it was gone through.
        var offered = had.GroupBy(offer => offer.Programme).ToDictionary(offers => offers.Key, offers => IndexOf(lines.Of(offers.Key), offers.Last().Ticket) + 1);
        return (new(new(known.Select(k => new SeatProgramme(k.Code, programmes[k.Code].Minimum, programmes[k.Code].Maximum, k.Below)), seats, waiting,
            lines, open, offered, ended, cancelled, head.RescuedAt is not null), policy.PhaseBScope), policy);
    }

    static int IndexOf(IReadOnlyList<string> line, string ticket) => line.Index().First(place => place.Item == ticket).Index;

    /// <summary>Writes the log, the offers it makes and ends and, for every ticket it names, the seat and the waiting claim it is left with.</summary>
    public static async Task Store(NpgsqlConnection connection, string period, SeatBook book, List<SeatLine> lines, CancellationToken cancellationToken)
    {
        await using (var log = await connection.BeginBinaryImportAsync("""
            copy seat_log (period, number, "order", sequence, ticket, event, programme, preferences, rule, hash, decided_at) from stdin (format binary)
            """, cancellationToken))
        {
            foreach (var line in lines)
            {
                await log.StartRowAsync(cancellationToken);
                await log.WriteAsync(period, cancellationToken);
                await log.WriteAsync(line.Number, cancellationToken);
                await log.WriteAsync(line.Order, NpgsqlDbType.Bigint, cancellationToken);
                await log.WriteAsync(line.Sequence, NpgsqlDbType.Bigint, cancellationToken);
                await log.WriteAsync(line.Ticket, cancellationToken);
                await log.WriteAsync(line.Event, cancellationToken);
                await log.WriteAsync(line.Programme, NpgsqlDbType.Text, cancellationToken);
                await log.WriteAsync(line.Preferences, cancellationToken);
                await log.WriteAsync(line.Rule, NpgsqlDbType.Text, cancellationToken);
                await log.WriteAsync(line.Hash, cancellationToken);
                await log.WriteAsync(line.DecidedAt, cancellationToken);
            }
            await log.CompleteAsync(cancellationToken);
        }
        var named = lines.Select(line => line.Ticket).Distinct().ToLookup(ticket => book.SeatOf(ticket) is not null);
        var claims = lines.Select(line => line.Ticket).Distinct().ToLookup(ticket => book.WaitingOf(ticket) is not null);
        var (seated, waiting) = (named[true].ToArray(), claims[true].Select(book.WaitingOf).OfType<WaitingClaim>().ToArray());
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Select("delete from seats where period = $1 and ticket = any ($2)", period, named[false].ToArray()),
                Select("""
                    insert into seats (period, ticket, programme) select $1, t, p from unnest($2, $3) as s (t, p)
                    on conflict (period, ticket) do update set programme = excluded.programme
                    """, period, seated, Array.ConvertAll(seated, ticket => book.SeatOf(ticket)!)),
                Select("delete from waiting_claims where period = $1 and ticket = any ($2)", period, claims[false].ToArray()),
                Select("""
                    insert into waiting_claims (period, ticket, sequence, preferences)
                    select $1, t, s, string_to_array(l, ',') from unnest($2, $3, $4) as w (t, s, l)
                    on conflict (period, ticket) do update set sequence = excluded.sequence, preferences = excluded.preferences
                    """, period, Array.ConvertAll(waiting, w => w.Ticket), Array.ConvertAll(waiting, w => w.Sequence), Array.ConvertAll(waiting, w => string.Join(',', w.Preferences))),
            },
        };
        foreach (var line in lines.Where(line => line.Event == SeatEvents.Offered))
        {
            batch.BatchCommands.Add(Select("insert into offers (period, number, ticket, programme, state, expires_at) values ($1, $2, $3, $4, 'offered', $5)",
                period, line.Number, line.Ticket, line.Programme!, line.ExpiresAt!.Value));
        }
        // A claim placed in the programme that was on offer ends the offer without a line of its own.
        var ends = lines.Where(line => line.Event is SeatEvents.Accepted or SeatEvents.Declined or SeatEvents.Expired or SeatEvents.Placed or SeatEvents.Cancelled).ToArray();
        batch.BatchCommands.Add(Select("""
            update offers set state = ended.event from (
                select distinct on (o.number) o.number, e.event from unnest($2, $3, $4, $5) as e (ticket, programme, event, number)
                join offers o on o.period = $1 and o.ticket = e.ticket and o.programme = e.programme and o.state = 'offered' and o.number < e.number
                order by o.number, e.number) as ended
            where offers.period = $1 and offers.number = ended.number
            """, period, Array.ConvertAll(ends, line => line.Ticket), Array.ConvertAll(ends, line => line.Programme!), Array.ConvertAll(ends, line => line.Event), Array.ConvertAll(ends, line => line.Number)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>And tells every replica that seats may have changed, once that is so.</summary>
    public static async Task MoveHead(NpgsqlConnection connection, string period, long nextOrder, long lines, string hash, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            with moved as (update seat_heads set next_order = $2, lines = $3, hash = $4 where period = $1 returning period)
            select pg_notify('{LiveSeats.Channel}', period) from moved
            """, connection)
        {
            Parameters = { new() { Value = period }, new() { Value = nextOrder }, new() { Value = lines }, new() { Value = hash } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlBatchCommand Select(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        return command;
    }

    static async Task<List<T>> Read<T>(NpgsqlDataReader rows, Func<T> read, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(read());
        }
        await rows.NextResultAsync(cancellationToken);
        return list;
    }
}
