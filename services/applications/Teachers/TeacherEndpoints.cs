using System.Runtime.CompilerServices;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>The teachers' file, for the office.</summary>
static class TeacherEndpoints
{
    public static void MapTeachers(this IEndpointRouteBuilder routes)
    {
        var teachers = routes.MapGroup("/api/teachers").WithTags("Teachers").RequireAuthorization(Policies.Office);
        teachers.MapPost("/import", Import).AllowImport();
        teachers.MapGet("/export.csv", Export);
        teachers.MapGet("/{registryNumber}", Get);
        teachers.MapGet("/", Search);
        teachers.MapPut("/{registryNumber}", TeacherCorrection.Put);
    }

    /// <param name="contacts"><c>overwrite</c>: the file's contacts also for teachers who corrected their own; else those are kept, and counted.</param>
    static async Task<IResult> Import(HttpRequest request, NpgsqlDataSource source, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken, bool partial = false, bool preview = false, string? contacts = null)
    {
        var file = await CsvTable.Body(request);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await TeacherImport.Run(connection, file, partial, preview, contacts == "overwrite", report => OfficeAct.By(request.HttpContext.User, time.Now(), "teachers.imported", detail: report.Counts),
            report => report.Finished("teachers", null, request.HttpContext.User, time.Now()), text, cancellationToken) is { } report
            ? ImportAnswer.Of(report, partial || preview, text)
            : Problems.Refuse(StatusCodes.Status503ServiceUnavailable, "reference-data-missing", text["ReferenceMissing"], text["ReferenceMissing.Detail"]);
    }

    static PushStreamHttpResult Export(ApplicationsDb db, CancellationToken cancellationToken)
    {
        async IAsyncEnumerable<string?[]> Rows([EnumeratorCancellation] CancellationToken stop = default)
        {
            await foreach (var teacher in db.Teachers.AsNoTracking().Where(teacher => teacher.ErasedAt == null).OrderBy(teacher => teacher.RegistryNumber).AsAsyncEnumerable().WithCancellation(stop))
            {
                yield return TeacherFile.Write(teacher);
            }
        }
        return TypedResults.Stream(body => CsvTable.Write(body, TeacherFile.Columns, Rows(cancellationToken), cancellationToken), "text/csv; charset=utf-8", "teachers.csv");
    }

    static async Task<IResult> Get(string registryNumber, ApplicationsDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        await db.Teachers.AsNoTracking().SingleOrDefaultAsync(teacher => teacher.RegistryNumber == registryNumber, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : Refused.NoTeacher(text, registryNumber);

    /// <summary>By words of number, name or address, in any order; accents and case don't matter.</summary>
    static async Task<Paged<Teacher>> Search(ApplicationsDb db, CancellationToken cancellationToken, string? q = null, int page = 1, int pageSize = 50)
    {
        (page, pageSize) = (Math.Max(page, 1), Math.Clamp(pageSize, 1, 500));
        var found = db.Teachers.AsNoTracking().Holding(q);
        var total = await found.LongCountAsync(cancellationToken);
        var items = await found.OrderBy(teacher => teacher.RegistryNumber).Skip((int)Math.Min((page - 1L) * pageSize, int.MaxValue)).Take(pageSize).ToListAsync(cancellationToken);
        return new(items, page, pageSize, total);
    }
}
