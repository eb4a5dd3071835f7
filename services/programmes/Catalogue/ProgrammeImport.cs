using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.OpenApi;

namespace EPimorfosi.Programmes;

/// <summary>
/// The office's file of approved programmes: all of it or, with <c>partial</c>, its sound lines; with <c>preview</c> none, but all is told. The same file again changes nothing.
/// </summary>
static class ProgrammeImport
{
    internal const int ProgrammesAMessage = 500;

    public static void MapProgrammeImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/programmes/import", Import).WithTags("Programmes").RequireAuthorization(Policies.Office)
            .AllowImport().AddOpenApiOperationTransformer((operation, _, _) =>
            {
                // Not by Accepts: routing would then answer other types itself, with a 404.
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["text/csv"] = new(), ["multipart/form-data"] = new() } };
                return Task.CompletedTask;
            });

    static async Task<IResult> Import(
        HttpContext http, ProgrammesDb db, TimeProvider time, TimetablePlan plan, IStringLocalizer<Texts> text, string period, bool partial = false, bool preview = false)
    {
        if (await db.Periods.AsNoTracking().SingleOrDefaultAsync(row => row.Code == period, http.RequestAborted) is not { } found)
        {
            return Refused.NoPeriod(text, period);
        }
        if (found.CatalogueIsOver(time.Now()))
        {
            return Refused.Frozen(text, period);
        }
        // Read and checked before the lock is taken: a slow upload holds nobody up.
        var report = new ImportReport();
        var drafts = await Read(await CsvTable.Body(http.Request), new(await ReferenceBook.Read(db, null, http.RequestAborted), found.ToContract(), plan), report, text, http.RequestAborted);

        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        await PeriodLock.Take(db, period, http.RequestAborted);
        var stored = await db.Periods.SingleAsync(row => row.Code == period, http.RequestAborted);
        if (stored.CatalogueIsOver(time.Now()))
        {
            return Refused.Frozen(text, period);
        }
        if (stored.Version != found.Version)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "changed-meanwhile", text["PeriodChanged", period], text["PeriodChanged.Detail"]);
        }
        var changed = await Compare(db, stored, drafts, onlyWiden: stored.PhaseA.StateAt(time.Now()) == PhaseState.Open, report, text, http.RequestAborted);
        if (preview || (report.Rejected > 0 && !partial))
        {
            return ImportAnswer.Of(report, preview, text);
        }
        if (changed.Count > 0)
        {
            db.Record(OfficeAct.By(http.User, time.Now(), "programmes.imported", period, detail: report.Counts));
            stored.CatalogueChanged();
            foreach (var programmes in changed.Chunk(ProgrammesAMessage))
            {
                db.Publish(new ProgrammesPublished(period, [.. programmes.Select(programme => programme.ToContract())]));
                db.Publish(new TrainersAssigned(period, [.. programmes.Select(programme => programme.ToTrainers())]));
            }
        }
        report.Finished("programmes", period, http.User, time.Now()).ToList().ForEach(db.Publish);
        await db.SaveChangesAsync(http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
        return ImportAnswer.Of(report, partial, text);
    }

    static async Task<List<ProgrammeDraft>> Read(Stream file, ProgrammeChecks checks, ImportReport report, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var (drafts, lines, faults) = (new List<ProgrammeDraft>(), new Dictionary<string, int>(), new List<Fault>());
        await foreach (var row in CsvTable.Read(file, ProgrammeChecks.Columns, cancellationToken))
        {
            faults.Clear();
            if (row.Fault is { } fault)
            {
                report.Rejected++;
                report.Add(row.Line, null, fault);
                continue;
            }
            var draft = checks.Check(row, faults);
            if (!lines.TryAdd(row["code"], row.Line))
            {
                faults.Add(new("code", null, "CodeTwice", row["code"], lines[row["code"]]));
            }
            if (draft is not null && faults.Count == 0)
            {
                drafts.Add(draft);
                continue;
            }
            report.Reject(row.Line, faults, text);
        }
        return drafts;
    }

    static async Task<List<TrainingProgramme>> Compare(
        ProgrammesDb db, TrainingPeriod period, List<ProgrammeDraft> drafts, bool onlyWiden, ImportReport report, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var codes = drafts.Select(draft => draft.Code).ToArray();
        var stored = await db.Programmes.Where(programme => codes.Contains(programme.Code)).ToDictionaryAsync(programme => programme.Code, cancellationToken);
        var changed = new List<TrainingProgramme>();
        foreach (var draft in drafts)
        {
            var known = stored.GetValueOrDefault(draft.Code);
            Fault[] faults = known switch
            {
                null => [],
                _ when known.Period != period.Code => [new("code", null, "CodeOfAnotherPeriod", draft.Code, known.Period)],
                _ => onlyWiden ? [.. known.NarrowedBy(draft)] : [],
            };
            if (faults.Length > 0)
            {
                report.Reject(draft.Line, faults, text);
                continue;
            }
            var programme = known ?? db.Programmes.Add(new() { Code = draft.Code, Period = period.Code }).Entity;
            var before = known is null ? null : ProgrammeExport.Values(known);
            if (!programme.Become(draft))
            {
                report.Unchanged++;
                continue;
            }
            _ = known is null ? report.Created++ : report.Updated++;
            report.Changed(draft.Line, draft.Code, ProgrammeChecks.Columns, before, ProgrammeExport.Values(programme));
            changed.Add(programme);
        }
        return changed;
    }

    internal static void Reject(this ImportReport report, int line, IEnumerable<Fault> faults, IStringLocalizer<Texts> text)
    {
        report.Rejected++;
        foreach (var fault in faults)
        {
            report.Add(line, fault.Field, fault.In(text), fault.Rule);
        }
    }
}
