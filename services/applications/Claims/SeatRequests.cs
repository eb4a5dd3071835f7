using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>A request about to be given its place in the order.</summary>
/// <param name="Ticket">Null for a new applicant, who gets one with it (R14).</param>
sealed record NewRequest(SeatRequestKind Kind, string RegistryNumber, string? Ticket, IReadOnlyList<string> Preferences, string Key, Caller By);

/// <summary>Its place. <paramref name="Sequence"/> is null for all but a claim.</summary>
public record StoredRequest(long Order, long? Sequence, DateTimeOffset AcceptedAt, SeatRequestKind Kind);

/// <summary>Stores requests and gives them their numbers (R23), in one statement: counter, requests and message are there together or not at all.</summary>
static class SeatRequests
{
    // The counter's row stays locked to the commit: the next batch, of any replica, comes after it, and a rollback takes its numbers back.
    // Of the message only the numbers are not known before: the rest of each request comes as JSON.
    const string Insert = """
        with new as (
            select *, count(*) filter (where kind = 0) over (order by n) as claim
            from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $15::text[])
                with ordinality as new (kind, registry_number, ticket, list, key, acted_by, act_reason, told, n)),
        counter as (
            insert into request_counters as mine (period, last_order, last_sequence) values ($1, $10, $11)
            on conflict (period) do update set last_order = mine.last_order + excluded.last_order, last_sequence = mine.last_sequence + excluded.last_sequence
            returning last_order - $10 as before, last_sequence - $11 as claims_before),
        placed as (
            select *, before + n as "order", case when kind = 0 then claims_before + claim end as sequence from new cross join counter),
        stored as (
            insert into seat_requests (period, "order", sequence, kind, registry_number, ticket, preferences, idempotency_key, accepted_at, acted_by, act_reason)
            select $1, "order", sequence, kind, registry_number, ticket, string_to_array(list, ','), key, $2, acted_by, act_reason from placed order by n),
        message as (
            insert into outbox (id, type, body, traceparent, created_at)
            select $12, $13, ('{"period":' || to_json($1::text) || ',"requests":['
                || string_agg('{"order":' || "order" || ',"sequence":' || coalesce(sequence::text, 'null') || ',' || told, ',' order by n) || ']}')::jsonb, $14, $2 from placed)
        select "order", sequence, kind from placed order by n
        """;

    /// <returns>The places, in the order given. A repeated idempotency key fails the whole statement by the unique index.</returns>
    public static async Task<List<StoredRequest>> Store(
        NpgsqlConnection connection, string period, IReadOnlyList<NewRequest> requests, DateTimeOffset now, string? traceparent, CancellationToken cancellationToken) =>
        await connection.Rows(Insert, row => new StoredRequest(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1), now, (SeatRequestKind)row.GetInt32(2)), cancellationToken, period, now,
            requests.Select(request => (int)request.Kind).ToArray(), requests.Select(request => request.RegistryNumber).ToArray(),
            requests.Select(request => request.Ticket).ToArray(), requests.Select(request => string.Join(',', request.Preferences)).ToArray(),
            requests.Select(request => request.Key).ToArray(), requests.Select(request => request.By.ActedBy).ToArray(),
            requests.Select(request => request.By.ActReason).ToArray(), (long)requests.Count, (long)requests.Count(request => request.Kind == SeatRequestKind.Claim),
            Guid.CreateVersion7(), typeof(SeatRequestsAccepted).FullName, traceparent, requests.Select(request => Told(request, now)).ToArray());

    /// <summary>A request as the message has it, without its opening brace and its numbers.</summary>
    static string Told(NewRequest request, DateTimeOffset now) =>
        JsonSerializer.Serialize(new { kind = request.Kind.ToString(), ticket = request.Ticket, preferences = request.Preferences, acceptedAt = now.UtcDateTime })[1..];

    /// <summary>What was stored under these keys before.</summary>
    public static async Task<Dictionary<(string RegistryNumber, string Key), StoredRequest>> Known(
        NpgsqlConnection connection, string period, IEnumerable<(string RegistryNumber, string Key)> keys, CancellationToken cancellationToken) =>
        (await connection.Rows("""
            select asked.number, asked.key, stored.* from unnest($2::text[], $3::text[]) as asked (number, key), lateral (
                select "order", sequence, accepted_at, kind from seat_requests where period = $1 and registry_number = asked.number and idempotency_key = asked.key limit 1) as stored
            """, row => (Key: (row.GetString(0), row.GetString(1)), Stored: new StoredRequest(row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.Time(4), (SeatRequestKind)row.GetInt32(5))),
            cancellationToken, period, keys.Select(key => key.RegistryNumber).ToArray(), keys.Select(key => key.Key).ToArray()))
        .ToDictionary(row => row.Key, row => row.Stored);
}
