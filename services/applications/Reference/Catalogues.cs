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

    internal const string Edition = "select version, coalesce((select revision from catalogue_revisions where period = $1), 0) from periods where code = $1";

    internal static CatalogueEdition Map(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetInt64(1));

    /// <summary>Null for a period not known here.</summary>
    public async Task<Catalogue?> Of(NpgsqlConnection connection, string period, CancellationToken cancellationToken) =>
        await connection.Rows(Edition, Map, cancellationToken, period) is [var edition] ? await At(connection, period, edition, cancellationToken) : null;

    /// <summary>The catalogue of an edition that was just read, or a later one.</summary>
    public async Task<Catalogue> At(NpgsqlConnection connection, string period, CatalogueEdition edition, CancellationToken cancellationToken)
    {
        if (remembered.TryGetValue(period, out var known) && known.Revision == edition.Revision && known.Period.Version == edition.Version)
        {
            return known;
        }
        var body = (await connection.Scalar<string>("select body from periods where code = $1", cancellationToken, period))!;
        var programmes = await connection.Rows("select body from programmes where period = $1 order by code collate \"C\"", row => row.GetString(0), cancellationToken, period);
        // Read after the revision: if something changed in between, the next look reads again.
        return remembered[period] = new(
            JsonSerializer.Deserialize<Period>(body, Outbox.Json)!,
            programmes.Select(text => JsonSerializer.Deserialize<Programme>(text, Outbox.Json)!).ToDictionary(programme => programme.Code),
            edition.Revision);
    }
}

/// <summary>Which catalogue is in force: the period's version, and how often its programmes have changed.</summary>
sealed record CatalogueEdition(int Version, long Revision);
