using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Programmes;

/// <summary>The reference data, public: clusters, specialties, prefectures, schools.</summary>
static class ReferenceEndpoints
{
    const int WholeList = 500;

    public static void MapReference(this IEndpointRouteBuilder routes)
    {
        var reference = routes.MapGroup("/api/reference").WithTags("Reference").AllowAnonymous();
        reference.MapGet("/clusters", Clusters);
        reference.MapGet("/specialties", Specialties);
        reference.MapGet("/prefectures", Prefectures);
        reference.MapGet("/schools", Schools);
    }

    static Task<IResult> Clusters(HttpContext http, ProgrammesDb db, string? q = null, int page = 1, int pageSize = WholeList) =>
        Answer(http, db, () => Found(db.Clusters, q).OrderBy(cluster => cluster.Code.Length).ThenBy(cluster => cluster.Code), page, pageSize);

    static Task<IResult> Specialties(HttpContext http, ProgrammesDb db, string? cluster = null, string? q = null, int page = 1, int pageSize = WholeList) =>
        Answer(http, db, () => Found(db.Specialties, q)
            .Where(specialty => string.IsNullOrEmpty(cluster) || specialty.ClusterCode == cluster || specialty.MainCluster == cluster)
            .OrderBy(specialty => specialty.Code), page, pageSize);

    static Task<IResult> Prefectures(HttpContext http, ProgrammesDb db, string? q = null, int page = 1, int pageSize = WholeList) =>
        Answer(http, db, () => Found(db.Prefectures, q).OrderBy(prefecture => prefecture.Code), page, pageSize);

    static Task<IResult> Schools(HttpContext http, ProgrammesDb db, string? prefecture = null, string? q = null, int page = 1, int pageSize = 50) =>
        Answer(http, db, () => Found(db.Schools, q)
            .Where(school => string.IsNullOrEmpty(prefecture) || school.PrefectureCode == prefecture || school.NomosCode == prefecture)
            .OrderBy(school => school.Code), page, pageSize);

    static IQueryable<T> Found<T>(DbSet<T> rows, string? q) where T : class =>
        SearchText.Pattern(q) is { } pattern
            ? rows.AsNoTracking().Where(row => EF.Functions.Like(EF.Property<string>(row, ProgrammesDb.Search), pattern))
            : rows.AsNoTracking();

    static async Task<IResult> Answer<T>(HttpContext http, ProgrammesDb db, Func<IQueryable<T>> rows, int page, int pageSize)
    {
        var edition = await db.ReferenceEdition.AsNoTracking().SingleAsync(http.RequestAborted);
        return Editions.NotModified(http, string.Create(CultureInfo.InvariantCulture, $"{edition.Digest[..16]}-{edition.Revision}")) ?? TypedResults.Ok(await rows().ToPage(page, pageSize, http.RequestAborted));
    }
}
