using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Reads what eligibility asks about teachers.</summary>
static class Candidates
{
    internal const string Select = """
        select t.registry_number, s.cluster, s.main_cluster,
               array(select case when code = 'EXT' then code else known.nomos end
                     from unnest(t.schools) as code left join schools known using (code) where code = 'EXT' or known.nomos is not null),
               t.teaching_now, t.b1_certified, t.prior_b_level, t.prior_pake, t.prior_b2
        from teachers t left join specialties s on s.code = t.specialty
        where t.registry_number = any($1)
        """;

    public static async Task<Candidate?> Of(NpgsqlConnection connection, string registryNumber, CancellationToken cancellationToken) =>
        (await Of(connection, [registryNumber], cancellationToken)).Values.SingleOrDefault();

    public static async Task<Dictionary<string, Candidate>> Of(NpgsqlConnection connection, string[] registryNumbers, CancellationToken cancellationToken) =>
        (await connection.Rows(Select, Map, cancellationToken, [registryNumbers])).ToDictionary(candidate => candidate.RegistryNumber);

    /// <summary>The same, and holds their rows to the end of the transaction: two writers for one teacher go one after the other.</summary>
    public static async Task<Dictionary<string, Candidate>> Lock(NpgsqlConnection connection, string[] registryNumbers, CancellationToken cancellationToken) =>
        (await connection.Rows($"{Select} order by t.registry_number for no key update of t", Map, cancellationToken, [registryNumbers]))
            .ToDictionary(candidate => candidate.RegistryNumber);

    internal static Candidate Map(NpgsqlDataReader row) => new(
        row.GetString(0), row.Text(1), row.Text(2), [.. row.Texts(3).Distinct().Order(StringComparer.Ordinal)],
        row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.GetBoolean(7), row.GetBoolean(8));
}
