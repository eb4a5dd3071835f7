using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>
/// The office's corrections of the schools' file, in the columns of <c>data/schools.csv</c>: a new school, or one that moved. What is not in the file stays as it is; a new
/// edition of the reference data leaves these alone.
/// </summary>
static class SchoolImport
{
    const int SchoolsAMessage = 1000, Longest = 300;
    static readonly string[] Columns = ["school_code", "name_el", "type_el", "level", "municipality_el", "prefecture_code", "locality_basis"];

    public static void MapSchoolImport(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/reference/schools/import", Import).WithTags("Reference").RequireAuthorization(Policies.Office).AllowImport();
        routes.MapGet("/api/reference/schools/export.csv", Export).WithTags("Reference").RequireAuthorization(Policies.Office);
    }

    static async Task<IResult> Import(HttpContext http, ProgrammesDb db, TimeProvider time, IStringLocalizer<Texts> text, bool partial = false, bool preview = false)
    {
        var (report, drafts) = (new ImportReport(), new Dictionary<string, (int Line, School School)>());
        var nomoi = await db.Prefectures.ToDictionaryAsync(prefecture => prefecture.Code, prefecture => prefecture.NomosCode, http.RequestAborted);
        await foreach (var row in CsvTable.Read(await CsvTable.Body(http.Request), Columns, http.RequestAborted))
        {
            if (row.Fault is { } fault)
            {
                report.Rejected++;
                report.Add(row.Line, null, fault);
            }
            else if (Faults(row, nomoi, drafts).ToArray() is { Length: > 0 } faults)
            {
                report.Reject(row.Line, faults, text);
            }
            else
            {
                drafts.Add(row["school_code"], (row.Line, new(row["school_code"], row["name_el"], row["type_el"], row["level"], row["municipality_el"] is { Length: > 0 } place ? place : null,
                    row["prefecture_code"], nomoi[row["prefecture_code"]])));
            }
        }
        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        var changed = await Compare(db, drafts, report, http.RequestAborted);
        if (preview || (report.Rejected > 0 && !partial))
        {
            return ImportAnswer.Of(report, preview, text);
        }
        if (changed.Count > 0)
        {
            foreach (var school in changed)
            {
                await Store(db, school, http.RequestAborted);
            }
            foreach (var schools in changed.Chunk(SchoolsAMessage))
            {
                db.Publish(new SchoolsPublished([.. schools.Select(school => new Contracts.Programmes.School(school.Code, school.NameEl, school.PrefectureCode, school.NomosCode))]));
            }
            (await db.ReferenceEdition.SingleAsync(http.RequestAborted)).Revision++;
            db.Record(OfficeAct.By(http.User, time.Now(), "schools.imported", detail: report.Counts));
            await db.SaveChangesAsync(http.RequestAborted);
        }
        await transaction.CommitAsync(http.RequestAborted);
        return ImportAnswer.Of(report, partial, text);
    }

    static IEnumerable<Fault> Faults(CsvRow row, Dictionary<string, string> nomoi, Dictionary<string, (int Line, School School)> drafts)
    {
        var code = row["school_code"];
        if (!Codes.IsCode(code))
        {
            yield return new("school_code", null, "Code", code);
        }
        else if (drafts.TryGetValue(code, out var first))
        {
            yield return new("school_code", null, "CodeTwice", code, first.Line);
        }
        foreach (var column in new[] { "name_el", "type_el" })
        {
            if (row[column].Length is 0 or > Longest || row[column].Any(char.IsControl))
            {
                yield return new(column, null, "Text", Longest);
            }
        }
        if (!nomoi.ContainsKey(row["prefecture_code"]))
        {
            yield return new("prefecture_code", "R5", "NoPrefecture", row["prefecture_code"]);
        }
    }

    static async Task<List<School>> Compare(ProgrammesDb db, Dictionary<string, (int Line, School School)> drafts, ImportReport report, CancellationToken cancellationToken)
    {
        var codes = drafts.Keys.ToArray();
        var known = await db.Schools.AsNoTracking().Where(school => codes.Contains(school.Code)).ToDictionaryAsync(school => school.Code, cancellationToken);
        var changed = new List<School>();
        foreach (var (line, school) in drafts.Values)
        {
            var before = known.GetValueOrDefault(school.Code);
            if (before == school)
            {
                report.Unchanged++;
                continue;
            }
            _ = before is null ? report.Created++ : report.Updated++;
            report.Changed(line, school.Code, Columns, before is null ? null : Values(before), Values(school));
            changed.Add(school);
        }
        return changed;
    }

    static Task<int> Store(ProgrammesDb db, School school, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync($"""
        insert into schools (code, name_el, type_el, level, municipality_el, prefecture_code, nomos_code, search, imported)
        values ({school.Code}, {school.NameEl}, {school.TypeEl}, {school.Level}, {school.MunicipalityEl}, {school.PrefectureCode}, {school.NomosCode},
                {SearchText.Fold(school.Code, school.NameEl, school.MunicipalityEl)}, true)
        on conflict (code) do update set name_el = excluded.name_el, type_el = excluded.type_el, level = excluded.level, municipality_el = excluded.municipality_el,
            prefecture_code = excluded.prefecture_code, nomos_code = excluded.nomos_code, search = excluded.search, imported = true
        """, cancellationToken);

    static string?[] Values(School school) => [school.Code, school.NameEl, school.TypeEl, school.Level, school.MunicipalityEl, school.PrefectureCode, ""];

    static Microsoft.AspNetCore.Http.HttpResults.PushStreamHttpResult Export(ProgrammesDb db, CancellationToken cancellationToken) => TypedResults.Stream(
        body => CsvTable.Write(body, Columns, db.Schools.AsNoTracking().OrderBy(school => school.Code).AsAsyncEnumerable().Select(Values), cancellationToken), "text/csv; charset=utf-8", "schools.csv");
}
