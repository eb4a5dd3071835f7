using System.Globalization;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Προσφορά θέσης (R25): a seat that freed, held back for a runner-up until they answer or the time is over.</summary>
/// <param name="Number">The line of the claim log that made it.</param>
/// <param name="Ended">The line's word that ended it; null while allocation holds it open.</param>
/// <param name="Answer">The request that answers it, once there is one: each offer has one answer.</param>
sealed record Offer(string Period, long Number, string Ticket, string RegistryNumber, string Programme, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt, string? Ended, SeatRequestKind? Answer)
{
    /// <summary>As in <c>/api/offers/{id}</c>.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Period}.{Number}");

    /// <summary>The one key of its answer: whoever comes first, the teacher or the clock, has answered. No client's key has a space.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"offer {Number}");

    /// <summary>When it can be answered, to the end of the last second (R30).</summary>
    public Phase Window => new(DateTimeOffset.MinValue, ExpiresAt);

    public NewRequest Request(SeatRequestKind kind, Caller by) => new(kind, RegistryNumber, Ticket, [Programme], Key, by);
}

static class Offers
{
    const string Select = """
        select o.period, o.number, o.ticket, a.registry_number, o.programme, o.decided_at, o.expires_at,
               (select d.event from decisions d where d.period = o.period and d.ticket = o.ticket and d.programme = o.programme and d.number > o.number
                and d.event in ('accepted', 'declined', 'expired', 'placed', 'cancelled') order by d.number limit 1),
               (select r.kind from seat_requests r where r.period = o.period and r.registry_number = a.registry_number and r.idempotency_key = 'offer ' || o.number)
        from decisions o join applications a on a.period = o.period and a.ticket = o.ticket
        where o.event = 'offered'
        """;

    /// <summary>Of tickets in a period, the newest first.</summary>
    public static async Task<IReadOnlyList<OfferView>> Of(NpgsqlConnection connection, string[] tickets, string period, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. (await connection.Rows($"{Select} and o.period = $1 and o.ticket = any($2) order by o.number desc", Map, cancellationToken, period, tickets)).Select(offer => OfferView.Of(offer, now))];

    public static async Task<Offer?> Find(NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        id.LastIndexOf('.') is > 0 and var dot && long.TryParse(id.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (await connection.Rows($"{Select} and o.period = $1 and o.number = $2", Map, cancellationToken, id[..dot], number)).SingleOrDefault()
            : null;

    /// <summary>Those whose time is over and which nobody has answered.</summary>
    public static async Task<List<Offer>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken) =>
        [.. (await connection.Rows($"{Select} and o.expires_at <= $1 order by o.expires_at, o.number", Map, cancellationToken, now))
            .Where(offer => offer is { Ended: null, Answer: null } && offer.Window.IsOver(now))];

    static Offer Map(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5), row.Time(6),
        row.Text(7), row.IsDBNull(8) ? null : (SeatRequestKind)row.GetInt32(8));
}

/// <param name="State"><c>open</c>, <c>accepted</c>, <c>declined</c>, <c>expired</c> or <c>cancelled</c> (R27); by the answer as soon as it is in its order.</param>
public record OfferView(string Id, string Period, string Programme, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt, string State)
{
    internal bool Open => State == "open";

    internal static OfferView Of(Offer offer, DateTimeOffset now) => new(offer.Id, offer.Period, offer.Programme, offer.OfferedAt, offer.ExpiresAt, offer switch
    {
        { Ended: "placed" or "accepted" } or { Ended: null, Answer: SeatRequestKind.Accept } => "accepted",
        { Ended: "cancelled" } => "cancelled",
        { Ended: "expired" } or { Ended: null, Answer: SeatRequestKind.Expire } => "expired",
        { Ended: not null } or { Answer: not null } => "declined",
        _ => offer.Window.IsOver(now) ? "expired" : "open",
    });
}
