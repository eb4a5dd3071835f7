using System.Globalization;
using System.Security.Claims;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>Periods: everybody reads, the office writes.</summary>
static class PeriodEndpoints
{
    public static void MapPeriods(this IEndpointRouteBuilder routes)
    {
        var periods = routes.MapGroup("/api/periods").WithTags("Periods");
        periods.MapGet("/", List).AllowAnonymous();
        periods.MapGet("/{period}", Get).AllowAnonymous().WithName("period");
        periods.MapGet("/{period}/overrides", Overrides).AllowAnonymous();
        periods.MapPut("/{period}", Put).RequireAuthorization(Policies.Office);
    }

    static async Task<Paged<PeriodView>> List(HttpContext http, ProgrammesDb db, TimeProvider time, int page = 1, int pageSize = 50)
    {
        http.Response.Headers.CacheControl = "no-cache";
        var found = await db.Periods.AsNoTracking().OrderByDescending(period => period.PhaseA.Opens).ThenBy(period => period.Code).ToPage(page, pageSize, http.RequestAborted);
        var codes = found.Items.Select(period => period.Code).ToArray();
        var overrides = (await db.Overrides.AsNoTracking().Where(entry => codes.Contains(entry.Period)).ToListAsync(http.RequestAborted)).ToLookup(entry => entry.Period);
        return new([.. found.Items.Select(period => PeriodView.Of(period, overrides[period.Code], time.Now()))], found.Page, found.PageSize, found.Total);
    }

    static async Task<IResult> Get(string period, HttpContext http, ProgrammesDb db, TimeProvider time, IStringLocalizer<Texts> text) =>
        await db.Periods.AsNoTracking().SingleOrDefaultAsync(row => row.Code == period, http.RequestAborted) is { } found
            ? TypedResults.Ok(await View(http, db, found, time.Now()))
            : Refused.NoPeriod(text, period);

    static async Task<IResult> Overrides(string period, HttpContext http, ProgrammesDb db, TimeProvider time, IStringLocalizer<Texts> text) =>
        await db.Periods.AsNoTracking().SingleOrDefaultAsync(row => row.Code == period, http.RequestAborted) is { } found
            ? TypedResults.Ok((await View(http, db, found, time.Now())).Overrides)
            : Refused.NoPeriod(text, period);

    /// <param name="reason">R31: needed to change what is already in force.</param>
    static async Task<IResult> Put(
        string period, PeriodForm form, HttpContext http, ClaimsPrincipal user, ProgrammesDb db, TimeProvider time, IStringLocalizer<Texts> text, string? reason = null)
    {
        if (form.Faults(period).ToArray() is { Length: > 0 } faults)
        {
            return Refused.Invalid(text, faults);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        await PeriodLock.Take(db, period, http.RequestAborted);
        var (stored, now) = (await db.Periods.SingleOrDefaultAsync(row => row.Code == period, http.RequestAborted), time.Now());
        if (!Conditional.Matches(http, stored?.Version))
        {
            return Problems.Refuse(StatusCodes.Status412PreconditionFailed, "changed-meanwhile", text["ChangedMeanwhile"], text["ChangedMeanwhile.Detail", stored?.Version ?? 0]);
        }
        var (wanted, before) = (form.ToPeriod(period), stored?.ToContract());
        var verdict = before is null ? new([], []) : CalendarChange.Judge(before, wanted, now);
        if (verdict.Refused is { Count: > 0 } refused)
        {
            return Refused.Invalid(text, refused, StatusCodes.Status409Conflict);
        }
        if (verdict.Overrides.Count > 0 && string.IsNullOrWhiteSpace(reason))
        {
            return Refused.ReasonMissing(text, verdict.Overrides.Select(change => change.Field));
        }
        db.Overrides.AddRange(verdict.Overrides.Select(change => user.Overriding(period, change, reason!.Trim(), now)));
        var row = stored ?? db.Periods.Add(new() { Code = period }).Entity;
        if (row.Become(wanted))
        {
            db.Publish(await Changed(db, row, http.RequestAborted));
            db.Record(OfficeAct.By(user, now, before is null ? "period.created" : "period.changed", period, reason: reason, detail: before is null ? null : CalendarChange.Detail(before, wanted)));
        }
        await db.SaveChangesAsync(http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
        var view = await View(http, db, row, now);
        return stored is null ? TypedResults.CreatedAtRoute(view, "period", new { period }) : TypedResults.Ok(view);
    }

    /// <summary>The period as others are told of it, with what was overridden before and by this very change (R31).</summary>
    internal static async Task<PeriodChanged> Changed(ProgrammesDb db, TrainingPeriod period, CancellationToken cancellationToken)
    {
        var before = await db.Overrides.AsNoTracking().Where(entry => entry.Period == period.Code).ToListAsync(cancellationToken);
        return new(period.ToContract() with
        {
            Overrides = [.. before.Concat(db.Overrides.Local).OrderBy(entry => entry.Id)
                .Select(entry => new PeriodOverride(entry.Field, entry.Before, entry.After, entry.Reason, entry.Person, entry.At))],
        });
    }

    internal static CalendarOverride Overriding(this ClaimsPrincipal user, string period, CalendarChange.Override change, string reason, DateTimeOffset now) => new()
    {
        Period = period,
        Field = change.Field,
        Before = change.Before,
        After = change.After,
        Reason = reason,
        Account = user.Subject(),
        Person = user.DisplayName(),
        At = now,
    };

    internal static async Task<PeriodView> View(HttpContext http, ProgrammesDb db, TrainingPeriod period, DateTimeOffset now)
    {
        // The tag is of what PUT may change; the clock's part moves on by itself.
        http.Response.Headers.ETag = $"\"{period.Version.ToString(CultureInfo.InvariantCulture)}\"";
        http.Response.Headers.CacheControl = "no-cache";
        return PeriodView.Of(period, await db.Overrides.AsNoTracking().Where(entry => entry.Period == period.Code).ToListAsync(http.RequestAborted), now);
    }
}
