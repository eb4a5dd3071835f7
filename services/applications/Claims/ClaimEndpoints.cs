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
        if (routes.ServiceProvider.GetRequiredService<IConfiguration>().GetValue<bool>("Bench:EmptyPost"))
        {
            claims.MapPost("/empty", () => TypedResults.NoContent()).ExcludeFromDescription(); // what claims are measured against
        }
    }

    static async Task<IResult> Post(
        string period, ClaimRequest request, HttpContext http, NpgsqlDataSource source, ClaimWriter writer, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (Caller.Of(http, text, acts: true, out var caller) is { } refused)
        {
            return refused;
        }
        if (!RequestHeaders.TryKey(http, out var key))
        {
            return Problems.Refuse(StatusCodes.Status400BadRequest, "idempotency-key", text["BadKey"]);
        }
        if (writer.TryClaim(period, request, caller, key) is not { } accepting)
        {
            return RequestHeaders.Busy(http, text);
        }
        var accepted = await accepting; // not given up with the caller: it may be stored already
        if (accepted.Judgement is { Verdict: Verdict.HoldsSeat, Claimant: { } holder } judged && !await StillMust(holder, source, period, caller.RegistryNumber, cancellationToken))
        {
            if (writer.TryAccept(period, judged.Window, new(SeatRequestKind.Claim, caller.RegistryNumber, holder.Ticket, request.List, key, caller)) is not { } again)
            {
                return RequestHeaders.Busy(http, text);
            }
            accepted = await again;
            accepted = accepted with { Judgement = judged with { Verdict = Verdict.Outside, At = accepted.ClosedAt ?? judged.At } };
        }
        if (accepted.Stored is not { } stored)
        {
            return await FirstAnswer(http, source, period, caller.RegistryNumber, key, cancellationToken) ?? accepted.Judgement!.Problem(period, caller.RegistryNumber, text);
        }
        await caller.Record(http, source, stored.AcceptedAt, "claim.submitted", period, string.Join(", ", request.List));
        return await Answer(http, period, stored, cancellationToken);
    }

    /// <summary>
    /// No release of the seat is in the order already; an undecided one would come before the claim. Seat and release are read together, for a
    /// release that was decided since the claimant was looked up is not to be missed by either.
    /// </summary>
    static async Task<bool> StillMust(Claimant claimant, NpgsqlDataSource source, string period, string registryNumber, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await Holding.Of(connection, period, registryNumber, cancellationToken);
        return now.Releasing is null && (claimant with { Seat = now.Seat, Members = now.Members }).MustReleaseFirst;
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
        http.Response.Headers.Location = $"/api/claims/{Uri.EscapeDataString(period)}/{stored.Sequence}";
        return new WholeAnswer<ClaimAnswer>(outcome is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK,
            new(stored.Sequence!.Value, stored.AcceptedAt, outcome?.Outcome, outcome?.Programme, outcome?.Rule));
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
    internal IReadOnlyList<string> List { get; } = [.. (Preferences ?? []).Select(code => code?.Trim() ?? "")];
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
