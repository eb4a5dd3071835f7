using System.Security.Claims;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The office opens or closes a phase now (R31).</summary>
static class PhaseEndpoints
{
    public static void MapPhases(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/periods/{period}/phase", Move).WithTags("Periods").RequireAuthorization(Policies.Office);

    static async Task<IResult> Move(string period, PhaseMove move, HttpContext http, ClaimsPrincipal user, ProgrammesDb db, TimeProvider time, IStringLocalizer<Texts> text)
    {
        if (move.Faults().ToArray() is { Length: > 0 } faults)
        {
            return Refused.Invalid(text, faults);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        await PeriodLock.Take(db, period, http.RequestAborted);
        if (await db.Periods.SingleOrDefaultAsync(row => row.Code == period, http.RequestAborted) is not { } stored)
        {
            return Refused.NoPeriod(text, period);
        }
        var (before, now) = (stored.ToContract(), time.Now());
        if (move.Against(before, now) is { } against)
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, against.Slug, text[$"Phase.{against.Text}", move.Phase!], text[$"Phase.{against.Text}.Detail", move.Phase!], against.Rule);
        }
        var (after, change) = move.Apply(before, now);
        stored.Become(after);
        db.Overrides.Add(user.Overriding(period, change, move.Reason!.Trim(), now));
        db.Record(OfficeAct.By(user, now, move.State == "open" ? "phase.opened" : "phase.closed", period, move.Phase, move.Reason, $"{change.Field}: {change.Before} → {change.After}"));
        db.Publish(await PeriodEndpoints.Changed(db, stored, http.RequestAborted));
        await db.SaveChangesAsync(http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
        return TypedResults.Ok(await PeriodEndpoints.View(http, db, stored, now));
    }
}
