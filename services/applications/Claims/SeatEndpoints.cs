using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Giving a seat up (R21), or where there is none the claim that waits for one, in the same order as the claims.</summary>
static class SeatEndpoints
{
    public static void MapSeats(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/seats/{period}/release", Release).WithTags("Claims").RequireAuthorization(Policies.TeacherOrOffice);

    static async Task<IResult> Release(
        string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, ClaimWriter writer, DecisionWatch decisions, TimeProvider time,
        IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: true, out var caller) is { } refused)
        {
            return refused;
        }
        if (!RequestHeaders.TryKey(http, out var key))
        {
            return Problems.Refuse(StatusCodes.Status400BadRequest, "idempotency-key", text["BadKey"]);
        }
        var (request, order, refusal) = await Check(period, caller, $"release {key}", source, catalogues, time, text, cancellationToken);
        if (request is not null)
        {
            if (writer.TryAccept(period, null, request) is not { } accepting)
            {
                return RequestHeaders.Busy(http, text);
            }
            order = (await accepting).Stored!.Order;
            await caller.Record(http, source, time.Now(), "seat.released", period, null);
        }
        if (order is not { } known)
        {
            return refusal!;
        }
        return RequestHeaders.Patience(http) is { } patience && await decisions.Wait(period, known, patience, cancellationToken) is { } outcome
            ? TypedResults.Ok(new ReleaseAnswer(known, outcome.Outcome, outcome.Programme, outcome.Rule))
            : TypedResults.Accepted((string?)null, new ReleaseAnswer(known));
    }

    /// <summary>A request to store, or the order of one stored before, or a refusal.</summary>
    static async Task<(NewRequest?, long?, IResult?)> Check(
        string period, Caller caller, string key, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text,
        CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return (null, null, Refused.NoPeriod(text, period));
        }
        var holding = await Holding.Of(connection, period, caller.RegistryNumber, cancellationToken);
        var before = (await SeatRequests.Known(connection, period, [(caller.RegistryNumber, key)], cancellationToken)).Values.SingleOrDefault()?.Order ?? holding.Releasing;
        if (before is not null)
        {
            return (null, before, null); // a double click is one release
        }
        if (holding.BelowMinimum is null)
        {
            return (null, null, Problems.Refuse(StatusCodes.Status409Conflict, "results-not-published", text["NoResults"], text["NoResults.Detail"], "R20"));
        }
        var now = time.Now();
        if (catalogue.Period.Enrolment.IsOver(now))
        {
            return (null, null, Refused.Outside(catalogue.Period.Enrolment, "Enrolment", "R28", now, text));
        }
        return holding is { Seat: null, Claiming: false }
            ? (null, null, Problems.Refuse(StatusCodes.Status409Conflict, "no-seat", text["NoSeat"], text["NoSeat.Detail"], "R21"))
            : (new(SeatRequestKind.Release, caller.RegistryNumber, holding.Ticket!, [], key, caller), null, null);
    }
}

/// <param name="Order">Place in the order of all that moves seats.</param>
/// <param name="Outcome"><c>released</c> or <c>refused</c>; null while not decided.</param>
public record ReleaseAnswer(long Order, string? Outcome = null, string? Programme = null, string? Rule = null);
