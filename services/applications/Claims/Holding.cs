using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>What a teacher has in a period by this service's copy.</summary>
/// <param name="Ticket">Null for who has not yet come forward.</param>
/// <param name="Seat">The seat held now; null for none.</param>
/// <param name="Members">Members of that programme.</param>
/// <param name="BelowMinimum">Programmes that came to phase B; null while the results are not public.</param>
/// <param name="Claiming">A claim of theirs waits for a seat, or for its decision.</param>
/// <param name="Releasing">Order of a release not yet decided.</param>
sealed record Holding(string? Ticket, string? Seat, long Members, string[]? BelowMinimum, bool Claiming, long? Releasing)
{
    public static async Task<Holding> Of(NpgsqlConnection connection, string period, string registryNumber, CancellationToken cancellationToken) =>
        (await connection.Rows("""
            with undecided as (
                select "order", kind from seat_requests request where period = $1 and registry_number = $2
                and (select true from decisions where period = $1 and "order" = request."order" limit 1) is null)
            select application.ticket, standing.seat, (select count(*) from standings where period = $1 and seat = standing.seat),
                   (select below_minimum from draw_results where period = $1),
                   coalesce(standing.last_event = 'waiting', false) or exists (select from undecided where kind = 0), (select max("order") from undecided where kind = 1)
            from (select) one
            left join applications application on application.period = $1 and application.registry_number = $2
            left join standings standing on standing.period = $1 and standing.ticket = application.ticket
            """, row => new Holding(row.Text(0), row.Text(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.Texts(3), row.GetBoolean(4), row.IsDBNull(5) ? null : row.GetInt64(5)),
            cancellationToken, period, registryNumber)).Single();
}
