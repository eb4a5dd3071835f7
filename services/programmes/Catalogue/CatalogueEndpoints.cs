using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The catalogue of programmes, public (R7).</summary>
static class CatalogueEndpoints
{
    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var programmes = routes.MapGroup("/api/programmes").WithTags("Programmes").AllowAnonymous();
        programmes.MapGet("/", List);
        programmes.MapGet("/{code}", Get);
    }

    static async Task<IResult> List(HttpContext http, ProgrammesDb db, [AsParameters] CatalogueFilter filter)
    {
        if (Editions.NotModified(http, await Revision(db, filter.Period, http.RequestAborted)) is { } known)
        {
            return known;
        }
        var found = await Matching(db, filter).OrderBy(programme => programme.Period).ThenBy(programme => programme.Code).ToPage(filter.Page ?? 1, filter.PageSize ?? 50, http.RequestAborted);
        return TypedResults.Ok(new Paged<ProgrammeView>([.. found.Items.Select(ProgrammeView.Of)], found.Page, found.PageSize, found.Total));
    }

    static IQueryable<TrainingProgramme> Matching(ProgrammesDb db, CatalogueFilter filter)
    {
        var found = db.Programmes.AsNoTracking();
        found = Given(filter.Period) is { } period ? found.Where(programme => programme.Period == period) : found;
        found = Given(filter.Cluster) is { } cluster ? found.Where(programme => programme.Cluster == cluster) : found;
        found = Given(filter.Prefecture) is { } place ? found.Where(programme => programme.Prefecture == place || programme.Nomos == place) : found;
        found = Given(filter.Category) is { } category ? found.Where(programme => programme.Category == category) : found;
        found = Given(filter.Centre) is { } centre ? found.Where(programme => programme.Centre == centre) : found;
        return SearchText.Pattern(filter.Q) is { } pattern ? found.Where(programme => EF.Functions.Like(programme.Search, pattern)) : found;
    }

    static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    static async Task<IResult> Get(string code, HttpContext http, ProgrammesDb db, TimetablePlan plan, IStringLocalizer<Texts> text)
    {
        if (await db.Programmes.AsNoTracking().SingleOrDefaultAsync(row => row.Code == code, http.RequestAborted) is not { } programme)
        {
            return Refused.NoProgramme(text, code);
        }
        var period = await db.Periods.AsNoTracking().SingleAsync(row => row.Code == programme.Period, http.RequestAborted);
        var edition = string.Create(CultureInfo.InvariantCulture, $"{programme.Version}-{period.Version}");
        return Editions.NotModified(http, edition) ?? TypedResults.Ok(new ProgrammeDetails(ProgrammeView.Of(programme),
            Timetable.Expand(programme.Category, programme.StartsOn, programme.WeeklySlots, period.LastDay, plan)));
    }

    /// <summary>Changes with every change of the programmes asked about.</summary>
    static async Task<string> Revision(ProgrammesDb db, string? period, CancellationToken cancellationToken) =>
        (await db.Periods.Where(row => string.IsNullOrEmpty(period) || row.Code == period).SumAsync(row => row.CatalogueRevision, cancellationToken)).ToString(CultureInfo.InvariantCulture);
}

/// <param name="Prefecture">Code of a prefecture or of a nomos.</param>
/// <param name="Q">Words of code, title or centre; accents and case don't matter.</param>
sealed record CatalogueFilter(string? Period, string? Cluster, string? Prefecture, string? Category, string? Centre, string? Q, int? Page, int? PageSize);

/// <summary>A programme as everybody sees it; its trainers are not public.</summary>
public record ProgrammeView(
    string Code, int Version, string Period, string Cluster, string Category, string Title, string Centre, string CentreName, string Prefecture, string Nomos,
    IReadOnlyList<string> Nomoi, IReadOnlyList<string> ExtraPrefectures, int Minimum, int Maximum, DateOnly StartsOn, IReadOnlyList<string> Slots)
{
    public static ProgrammeView Of(TrainingProgramme programme) => new(
        programme.Code, programme.Version, programme.Period, programme.Cluster, programme.Category, programme.Title, programme.Centre, programme.CentreName, programme.Prefecture, programme.Nomos,
        programme.Nomoi, programme.ExtraPrefectures, programme.Minimum, programme.Maximum, programme.StartsOn, programme.Slots);
}

/// <summary>With the twenty slots of its timetable (R3); none while the timetable is still to come.</summary>
public sealed record ProgrammeDetails(ProgrammeView View, IReadOnlyList<Meeting> Timetable) : ProgrammeView(View);
