using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Phase B: claims of seats, first come, first served (R21-R23).</summary>
static class ClaimEndpoints
{
    public static void MapClaims(this IEndpointRouteBuilder routes)
    {
        var claims = routes.MapGroup("/api/claims/{period}").WithTags("Claims").RequireAuthorization(Policies.TeacherOrOffice);
        claims.MapPost("/", Post);
        claims.MapGet("/{sequence:long}", Get);
    }

    static async Task<IResult> Post(
        string period, ClaimRequest request, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, ClaimWriter writer, TimeProvider time,
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
        var checks = await Check(period, request, caller, source, catalogues, time, text, cancellationToken);
        if (checks.Claim is not { } claim)
        {
            return await FirstAnswer(http, source, period, caller.RegistryNumber, key, cancellationToken) ?? checks.Refusal!;
        }
        var accepting = writer.TryAccept(period, claim.Catalogue.Period.PhaseB, new(SeatRequestKind.Claim, caller.RegistryNumber, claim.Ticket, claim.List, key, caller));
        if (accepting is null)
        {
            return RequestHeaders.Busy(http, text);
        }
        var accepted = await accepting; // not given up with the caller: it may be stored already
        return accepted.Stored is { } stored
            ? await Answer(http, period, stored, cancellationToken)
            : Refused.Outside(claim.Catalogue.Period.PhaseB, "PhaseB", "R30", accepted.ClosedAt!.Value, text)!;
    }

    sealed record Claim(Catalogue Catalogue, string Ticket, IReadOnlyList<string> List);

    static async Task<(Claim? Claim, IResult? Refusal)> Check(
        string period, ClaimRequest request, Caller caller, NpgsqlDataSource source, Catalogues catalogues, TimeProvider time, IStringLocalizer<Texts> text,
        CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return (null, Refused.NoPeriod(text, period));
        }
        if (Refused.Outside(catalogue.Period.PhaseB, "PhaseB", "R30", time.Now(), text) is { } closed)
        {
            return (null, closed);
        }
        var holding = await Holding.Of(connection, period, caller.RegistryNumber, cancellationToken);
        if (holding.BelowMinimum is null)
        {
            return (null, Problems.Refuse(StatusCodes.Status409Conflict, "results-not-published", text["NoResults"], text["NoResults.Detail"], "R20"));
        }
        if (await Candidates.Of(connection, caller.RegistryNumber, cancellationToken) is not { } who)
        {
            return (null, Refused.NoTeacher(text, caller.RegistryNumber));
        }
        var list = request.List;
        var cluster = Eligibility.ClusterOf(who, request.Cluster, list, catalogue.Programmes);
        var refusals = Eligibility.OfClaim(who, cluster, list, catalogue.Programmes, catalogue.Period.Policy, holding.BelowMinimum);
        if (refusals.Count > 0)
        {
            return (null, Refused.ByRule(refusals, text));
        }
        if (holding.MustReleaseFirst(catalogue.Programmes) && holding.Releasing is null)
        {
            return (null, Problems.Refuse(StatusCodes.Status409Conflict, "holds-a-seat", text["HoldsSeat"], text["HoldsSeat.Detail", holding.Seat!], "R21"));
        }
        return (new(catalogue, holding.Ticket ?? await GiveTicket(connection, period, caller.RegistryNumber, time.Now(), cancellationToken), list), null);
    }

    /// <summary>R14, R21 (iii): a new applicant gets a ticket too, once, however many claims come together.</summary>
    static async Task<string> GiveTicket(NpgsqlConnection connection, string period, string registryNumber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ticket = Ticket.New();
        var given = await connection.Execute("""
            insert into applications (period, registry_number, ticket, version, cluster, preferences, withdrawn, received_at, digest)
            values ($1, $2, $3, 0, '', '{}', false, $4, '') on conflict (period, registry_number) do nothing
            """, cancellationToken, period, registryNumber, ticket, now);
        if (given == 0)
        {
            return (await connection.Scalar<string>("select ticket from applications where period = $1 and registry_number = $2", cancellationToken, period, registryNumber))!;
        }
        await connection.Publish([new TicketsIssued(period, [new(ticket, registryNumber)])], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ticket;
    }

    /// <summary>A repeat gets the first answer even when it would now be refused.</summary>
    static async Task<IResult?> FirstAnswer(HttpContext http, NpgsqlDataSource source, string period, string registryNumber, string key, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return (await SeatRequests.Known(connection, period, [(registryNumber, key)], cancellationToken)).Values.SingleOrDefault() is { } stored
            ? await Answer(http, period, stored, cancellationToken)
            : null;
    }

    static async Task<IResult> Answer(HttpContext http, string period, StoredRequest stored, CancellationToken cancellationToken)
    {
        var outcome = RequestHeaders.Patience(http) is { } patience
            ? await http.RequestServices.GetRequiredService<DecisionWatch>().Wait(period, stored.Order, patience, cancellationToken)
            : null;
        var place = $"/api/claims/{Uri.EscapeDataString(period)}/{stored.Sequence}";
        http.Response.Headers.Location = place;
        return outcome is null
            ? TypedResults.Accepted(place, new ClaimAnswer(stored.Sequence!.Value, stored.AcceptedAt))
            : TypedResults.Ok(new ClaimAnswer(stored.Sequence!.Value, stored.AcceptedAt, outcome.Outcome, outcome.Programme, outcome.Rule));
    }

    static async Task<IResult> Get(string period, long sequence, HttpContext http, ApplicationsDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var claim = await db.SeatRequests.AsNoTracking().SingleOrDefaultAsync(row => row.Period == period && row.Sequence == sequence, cancellationToken);
        if (claim is null || !http.User.Is(Policies.Office) && claim.RegistryNumber != http.User.RegistryNumber())
        {
            return Problems.Refuse(StatusCodes.Status404NotFound, "claim-unknown", text["NoClaim"]);
        }
        return TypedResults.Ok(await ClaimView.Read(db, claim, cancellationToken));
    }
}

/// <summary>A claim as it is put in; a new one takes the place of the last (R23).</summary>
public record ClaimRequest(IReadOnlyList<string?>? Preferences, string? Cluster)
{
    internal IReadOnlyList<string> List => [.. (Preferences ?? []).Select(code => code?.Trim() ?? "")];
}

/// <param name="Sequence">Place in the order of claims.</param>
/// <param name="Outcome"><c>placed</c>, <c>waiting</c> or <c>refused</c>; null while not decided.</param>
public record ClaimAnswer(long Sequence, DateTimeOffset AcceptedAt, string? Outcome = null, string? Programme = null, string? Rule = null);

/// <summary>A claim with its last line of the log: a waiting one may have been promoted since.</summary>
public record ClaimView(
    long Sequence, DateTimeOffset AcceptedAt, IReadOnlyList<string> Preferences, string? Outcome, string? Programme, string? Rule, DateTimeOffset? DecidedAt)
{
    internal static async Task<ClaimView> Read(ApplicationsDb db, SeatRequestRow claim, CancellationToken cancellationToken)
    {
        var decision = await db.Decisions.AsNoTracking().Where(row => row.Period == claim.Period && row.Sequence == claim.Sequence)
            .OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellationToken);
        return new(claim.Sequence!.Value, claim.AcceptedAt, claim.Preferences, decision?.Event, decision?.Programme, decision?.Rule, decision?.DecidedAt);
    }
}
