using System.Collections.Concurrent;
using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>A period and its programmes, as they stood at one moment.</summary>
public record Catalogue(Period Period, IReadOnlyDictionary<string, Programme> Programmes, long Revision);

/// <summary>
/// The catalogues in memory: reading one costs a look at two small rows, which say whether the memory is still right, so no replica ever
/// decides by an old catalogue.
/// </summary>
sealed class Catalogues
{
    readonly ConcurrentDictionary<string, Catalogue> remembered = [];

    /// <summary>Null for a period not known here.</summary>
    public async Task<Catalogue?> Of(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        var now = await connection.Rows("""
            select version, coalesce((select revision from catalogue_revisions where period = $1), 0) from periods where code = $1
            """, row => (Version: row.GetInt32(0), Revision: row.GetInt64(1)), cancellationToken, period);
        if (now is not [var (version, revision)])
        {
            return null;
        }
        if (remembered.TryGetValue(period, out var known) && known.Revision == revision && known.Period.Version == version)
        {
            return known;
        }
        var body = (await connection.Scalar<string>("select body from periods where code = $1", cancellationToken, period))!;
        var programmes = await connection.Rows("select body from programmes where period = $1 order by code collate \"C\"", row => row.GetString(0), cancellationToken, period);
        // Read after the revision: if something changed in between, the next look reads again.
        return remembered[period] = new(
            JsonSerializer.Deserialize<Period>(body, Outbox.Json)!,
            programmes.Select(text => JsonSerializer.Deserialize<Programme>(text, Outbox.Json)!).ToDictionary(programme => programme.Code),
            revision);
    }
}
