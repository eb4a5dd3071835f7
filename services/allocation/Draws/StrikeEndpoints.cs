using System.Security.Claims;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>
/// The objection window: between the list's publication and the commitment the office may strike an application, or take that back, with a
/// reason (R31). The struck line stays public, and so does each digest the list ever had (R17).
/// </summary>
public static class StrikeEndpoints
{
    public static void MapStrikes(this IEndpointRouteBuilder routes)
    {
        var strikes = routes.MapGroup("/api/draws/{period}/strikes").WithTags("Draw");
        strikes.MapGet("", List).AllowAnonymous().Produces<Paged<StrikeView>>();
        strikes.MapPost("/{ticket}", (string period, string ticket, ReasonRequest request, Acts acts, CancellationToken cancel) => acts.Change(period, ticket, true, request, cancel))
            .RequireAuthorization(Policies.Office);
        strikes.MapPost("/{ticket}/restore", (string period, string ticket, ReasonRequest request, Acts acts, CancellationToken cancel) => acts.Change(period, ticket, false, request, cancel))
            .RequireAuthorization(Policies.Office);
    }

    static async Task<IResult> List(string period, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken, int page = 1, int pageSize = 50)
    {
        if (!await db.Periods.AnyAsync(known => known.Code == period, cancellationToken))
        {
            return CeremonyEndpoints.UnknownPeriod(text, period);
        }
        (page, pageSize) = (Math.Max(1, page), Math.Clamp(pageSize, 1, 1000));
        var strikes = db.Strikes.AsNoTracking().Where(strike => strike.Period == period);
        var items = await strikes.OrderBy(strike => strike.Number).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancellationToken);
        return Results.Ok(new Paged<StrikeView>([.. items.Select(StrikeView.Of)], page, pageSize, await strikes.CountAsync(cancellationToken)));
    }

    internal sealed class Acts(AllocationDb db, IHttpContextAccessor http, TimeProvider time, IStringLocalizer<Texts> text)
    {
        public async Task<IResult> Change(string period, string ticket, bool struck, ReasonRequest request, CancellationToken cancellationToken)
        {
            if (request.Fault(text) is { } malformed)
            {
                return malformed;
            }
            await using var turn = await Turn.Take(db, period, cancellationToken);
            if (turn is null)
            {
                return CeremonyEndpoints.UnknownPeriod(text, period);
            }
            if (turn.State != DrawState.Frozen)
            {
                return CeremonyEndpoints.OutOfOrder(text, turn.Draw is null ? "NotFrozen" : "ListIsCommitted", turn);
            }
            var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Period == period && a.Ticket == ticket && !a.Withdrawn, cancellationToken);
            if (application is null)
            {
                return Problems.Refuse(404, "unknown-ticket", text["NotOnTheList", ticket]);
            }
            var from = struck ? turn.Number : (int?)null;
            if (struck == application.Struck is not null)
            {
                return Problems.Refuse(409, "strike-out-of-order", text[struck ? "AlreadyStruck" : "NotStruck", ticket], rule: "R31");
            }
            if (!struck && application.Struck < turn.Number)
            {
                return Problems.Refuse(409, "strike-out-of-order", text["StruckBefore", ticket, application.Struck!], rule: "R31");
            }
            await db.Applications.Where(a => a.Period == period && a.Ticket == ticket).ExecuteUpdateAsync(a => a.SetProperty(x => x.Struck, from), cancellationToken);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            var list = await CanonicalLists.Digest(CanonicalLists.ApplicationLines(connection, period, turn.Number, cancellationToken), cancellationToken);
            turn.Book.Strike(turn.Book.Applications!.Value - list.Count, list.Sha256);
            var strike = new Strike
            {
                Period = period,
                Number = await db.Strikes.CountAsync(s => s.Period == period, cancellationToken) + 1,
                Draw = turn.Number,
                Ticket = ticket,
                Struck = struck,
                Reason = request.Reason!.Trim(),
                By = http.HttpContext!.User.DisplayName(),
                At = time.GetUtcNow(),
                Applications = list.Count,
                ApplicationsSha256 = list.Sha256,
            };
            db.Strikes.Add(strike);
            db.Publish(new ApplicationStruck(period, ticket, strike.Number, struck, strike.Reason, strike.At));
            db.Record(OfficeAct.By(http.HttpContext!.User, strike.At, struck ? "application.struck" : "application.restored", period, ticket, strike.Reason));
            await turn.Commit(db, cancellationToken);
            return Results.Ok(StrikeView.Of(strike));
        }
    }
}

/// <param name="Struck">False where an earlier strike was taken back.</param>
/// <param name="Applications">How many the list has after it; <paramref name="ApplicationsSha256"/> its digest.</param>
public sealed record StrikeView(int Number, int Draw, string Ticket, bool Struck, string Reason, string By, DateTimeOffset At, int Applications, string ApplicationsSha256)
{
    internal static StrikeView Of(Strike s) => new(s.Number, s.Draw, s.Ticket, s.Struck, s.Reason, s.By, s.At, s.Applications, s.ApplicationsSha256);
}
