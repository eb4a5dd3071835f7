using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>All that decides whether somebody may claim, as this service knows it.</summary>
/// <param name="BelowMinimum">Programmes that came to phase B; null while the results are not public.</param>
/// <param name="Who">Null for a teacher not known here.</param>
/// <param name="Ticket">Null for who has not yet come forward.</param>
/// <param name="Seat">The seat held now; null for none.</param>
/// <param name="Members">Members of that programme.</param>
/// <param name="Rescued">R27: the rescue was set off, and no claim comes after it, even if the calendar is moved.</param>
public sealed record Claimant(Catalogue Catalogue, string[]? BelowMinimum, Candidate? Who, string? Ticket, string? Seat, long Members, bool Rescued)
{
    /// <summary>Phase B as it is open for them: it may open later for their cluster or prefecture.</summary>
    public Phase PhaseB(ClaimRequest request) => Who is null ? Catalogue.Period.PhaseB
        : StaggeredOpening.Of(Catalogue.Period, Eligibility.ClusterOf(Who, request.Cluster, request.List, Catalogue.Programmes), Who.Nomoi);

    /// <summary>R21: who sits in a programme that will run must give the seat up before claiming another.</summary>
    public bool MustReleaseFirst => Seat is not null && Catalogue.Programmes.TryGetValue(Seat, out var programme) && Members >= programme.Minimum;
}

/// <summary>Looks claimants up, a whole batch in one round trip: claims share their reads as they share their commit.</summary>
sealed class Claimants(Catalogues catalogues)
{
    const string Results = """
        select below_minimum, exists (select from seat_requests where period = $1 and registry_number = '' and idempotency_key = $2) from draw_results where period = $1
        """;

    // Each by its key: of a period that is new the planner knows no rows, and would read all there are.
    const string Held = """
        select asked.number, application.ticket, standing.seat, case when standing.seat is null then 0 else (select count(*) from standings where period = $1 and seat = standing.seat) end
        from unnest($2::text[]) as asked (number)
        left join lateral (select ticket from applications where period = $1 and registry_number = asked.number limit 1) application on true
        left join lateral (select seat from standings where period = $1 and ticket = application.ticket limit 1) standing on true
        """;

    /// <returns>Each of them, known here or not; null for a period not known here.</returns>
    public async Task<IReadOnlyDictionary<string, Claimant>?> Of(NpgsqlConnection connection, string period, string[] registryNumbers)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Sql.Part(Catalogues.Edition, period), Sql.Part(Results, period, RescueEndpoints.Key), Sql.Part(Candidates.Select, [registryNumbers]), Sql.Part(Held, period, registryNumbers),
            },
        };
        CatalogueEdition? edition;
        (string[]? BelowMinimum, bool Rescued) results;
        Dictionary<string, Candidate> candidates;
        List<(string Number, string? Ticket, string? Seat, long Members)> held;
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            edition = (await reader.Next(Catalogues.Map)).SingleOrDefault();
            results = (await reader.Next(row => ((string[]?)row.Texts(0), row.GetBoolean(1)))).SingleOrDefault();
            candidates = (await reader.Next(Candidates.Map)).ToDictionary(candidate => candidate.RegistryNumber);
            held = await reader.Next(row => (row.GetString(0), row.Text(1), row.Text(2), row.GetInt64(3)));
        }
        if (edition is null || await catalogues.At(connection, period, edition, CancellationToken.None) is not { } catalogue)
        {
            return null;
        }
        return held.ToDictionary(one => one.Number, one =>
            new Claimant(catalogue, results.BelowMinimum, candidates.GetValueOrDefault(one.Number), one.Ticket, one.Seat, one.Members, results.Rescued));
    }
}
