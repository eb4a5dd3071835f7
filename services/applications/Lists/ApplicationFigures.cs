using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>How a period's applications come in, for the office: by hour, by cluster, by prefecture, and which programmes too few ask for.</summary>
static class ApplicationFigures
{
    public static void MapApplicationFigures(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/applications/{period}/figures", Read).WithTags("Applications").RequireAuthorization(Policies.OfficeOrAuditor);

    static async Task<IResult> Read(string period, NpgsqlDataSource source, Catalogues catalogues, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return Refused.NoPeriod(text, period);
        }
        var totals = (await connection.Rows("""
            select count(*) filter (where not withdrawn), count(*) filter (where withdrawn) from applications where period = $1 and version > 0
            """, row => (Standing: row.GetInt64(0), Withdrawn: row.GetInt64(1)), cancellationToken, period))[0];
        var byOffice = await connection.Scalar<long>("select count(distinct registry_number) from receipts where period = $1 and acted_by is not null", cancellationToken, period);
        var hours = await connection.Rows("""
            select date_trunc('hour', received_at), count(*) filter (where version = 1), count(*) from receipts where period = $1 group by 1 order by 1
            """, row => new HourCount(row.Time(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken, period);
        var clusters = await connection.Rows("""
            select cluster, count(*) from applications where period = $1 and version > 0 and not withdrawn group by 1 order by 1
            """, row => new GroupCount(row.GetString(0), row.GetInt64(1)), cancellationToken, period);
        // A teacher of several schools counts in each of their prefectures (R5).
        var prefectures = await connection.Rows("""
            select place, count(*) from (
                select distinct a.registry_number, coalesce(s.prefecture, c) as place
                from applications a join teachers t using (registry_number) cross join unnest(t.schools) as c left join schools s on s.code = c
                where a.period = $1 and a.version > 0 and not a.withdrawn) as places
            group by 1 order by 1
            """, row => new GroupCount(row.GetString(0), row.GetInt64(1)), cancellationToken, period);
        var asked = (await connection.Rows("""
            select code, count(*), count(*) filter (where rank = 1) from applications, unnest(preferences) with ordinality as listed (code, rank)
            where period = $1 and version > 0 and not withdrawn group by 1
            """, row => new GroupCount(row.GetString(0), row.GetInt64(1)), cancellationToken, period)).ToDictionary(group => group.Of, group => group.Count);
        var few = catalogue.Programmes.Values.Select(programme => new AskedFor(programme.Code, programme.Title, programme.Cluster, programme.CentreName, programme.Minimum, asked.GetValueOrDefault(programme.Code)))
            .Where(programme => programme.Applications < programme.Minimum).OrderBy(programme => programme.Applications).ThenBy(programme => programme.Code, StringComparer.Ordinal).ToArray();
        return TypedResults.Ok(new Figures(totals.Standing, totals.Withdrawn, byOffice, catalogue.Programmes.Count, hours, clusters, prefectures, few));
    }
}

/// <param name="Standing">Applications that stand.</param>
/// <param name="ByOffice">Teachers for whom the office acted at least once.</param>
/// <param name="Few">Programmes on fewer lists than they need members: they cannot gather them, whatever the draw brings. The emptiest first.</param>
public sealed record Figures(
    long Standing, long Withdrawn, long ByOffice, int Programmes, IReadOnlyList<HourCount> Hours, IReadOnlyList<GroupCount> Clusters, IReadOnlyList<GroupCount> Prefectures, IReadOnlyList<AskedFor> Few);

/// <param name="New">First versions; <paramref name="All"/> edits and withdrawals too.</param>
public sealed record HourCount(DateTimeOffset Hour, long New, long All);

public sealed record GroupCount(string Of, long Count);

/// <param name="Applications">How many list it, at whatever rank.</param>
public sealed record AskedFor(string Code, string Title, string Cluster, string CentreName, int Minimum, long Applications);
