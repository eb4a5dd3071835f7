using System.Globalization;
using System.Runtime.CompilerServices;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The period's programmes as a file that can be imported again, for the office.</summary>
public static class ProgrammeExport
{
    public static void MapProgrammeExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/programmes/export.csv", Export).WithTags("Programmes").RequireAuthorization(Policies.Office);

    static async Task<IResult> Export(ProgrammesDb db, IStringLocalizer<Texts> text, string period, CancellationToken cancellationToken)
    {
        if (!await db.Periods.AnyAsync(row => row.Code == period, cancellationToken))
        {
            return Refused.NoPeriod(text, period);
        }
        return TypedResults.Stream(body => CsvTable.Write(body, ProgrammeChecks.Columns, Rows(db, period, cancellationToken), cancellationToken), "text/csv; charset=utf-8", $"programmes-{period}.csv");
    }

    static async IAsyncEnumerable<string?[]> Rows(ProgrammesDb db, string period, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var programme in db.Programmes.AsNoTracking().Where(row => row.Period == period).OrderBy(row => row.Code).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return Values(programme);
        }
    }

    /// <summary>In the order of <see cref="ProgrammeChecks.Columns"/>.</summary>
    public static string[] Values(TrainingProgramme programme) =>
    [
        programme.Code, programme.Cluster, programme.Category, programme.Centre, programme.Title,
        programme.Minimum.ToString(CultureInfo.InvariantCulture), programme.Maximum.ToString(CultureInfo.InvariantCulture),
        programme.StartsOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string.Join('|', programme.Slots), string.Join('|', programme.Trainers), string.Join('|', programme.ExtraPrefectures),
    ];
}
