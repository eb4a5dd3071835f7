using System.Globalization;
using System.Security.Claims;
using System.Text.RegularExpressions;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The acts that lead from the frozen list to the published draw, each in its turn (R17, R18).</summary>
public static partial class CeremonyEndpoints
{
    const int LeastCustodians = 2, LongestName = 100, LongestReveal = 1000;
    static readonly TimeZoneInfo Athens = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");

    public static void MapCeremony(this IEndpointRouteBuilder routes)
    {
        var draw = routes.MapGroup("/api/draws/{period}").WithTags("Draw");
        draw.MapPost("/commitments", Commitment).RequireAuthorization(Policies.Auditor);
        draw.MapGet("/commitments/own", Own).RequireAuthorization(Policies.Auditor);
        draw.MapPost("/commit", Commit).RequireAuthorization(Policies.Office);
        draw.MapPost("/reveals", Reveal).RequireAuthorization(Policies.Auditor);
        draw.MapPost("/run", Run).RequireAuthorization(Policies.Office);
        draw.MapPost("/publish", Publish).RequireAuthorization(Policies.Office);
        draw.MapPost("/repeat", Repeat).RequireAuthorization(Policies.Office);
    }

    static async Task<IResult> Commitment(
        string period, CommitmentRequest request, ClaimsPrincipal user, AllocationDb db, Drand drand, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
        {
            return Problems.Refuse(422, "name-malformed", text["NameMalformed", LongestName]);
        }
        if (!Sha256Hex().IsMatch(request.Commitment ?? ""))
        {
            return Problems.Refuse(422, "commitment-malformed", text["CommitmentMalformed"], rule: "R18");
        }
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        if (turn.Draw is not null)
        {
            return OutOfOrder(text, "AlreadyCommitted", turn);
        }
        var own = turn.Custodians.SingleOrDefault(custodian => custodian.Subject == user.Subject());
        if (own is not null && own.Name != name)
        {
            return Problems.Refuse(409, "commitment-taken", text["NameIsFixed", own.Name], rule: "R18");
        }
        if (turn.Custodians.Any(custodian => custodian != own && (custodian.Name == name || custodian.Commitment == request.Commitment)))
        {
            return Problems.Refuse(409, "commitment-taken", text["CommitmentTaken"], rule: "R18");
        }
        own?.Replace(request.Commitment!, time.GetUtcNow());
        if (own is null)
        {
            db.Custodians.Add(new()
            {
                Period = period,
                Draw = turn.Number,
                Subject = user.Subject(),
                Position = turn.Custodians.Count + 1,
                Name = name,
                Commitment = request.Commitment!,
                CommittedAt = time.GetUtcNow(),
            });
        }
        db.Record(OfficeAct.By(user, time.GetUtcNow(), "custodian.committed", period, name, detail: request.Commitment));
        await turn.Commit(db, cancellationToken);
        return await Now(db, drand, period, cancellationToken);
    }

    /// <summary>The caller's own part in the draw that is next or under way.</summary>
    static async Task<IResult> Own(string period, ClaimsPrincipal user, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var turn = await Turn.Look(db, period, cancellationToken);
        return turn is null ? UnknownPeriod(text, period)
            : turn.Custodians.SingleOrDefault(custodian => custodian.Subject == user.Subject()) is { } own ? Results.Ok(new OwnCommitment(own.Name, own.Commitment, own.CommittedAt, own.Reveal is not null))
            : Problems.Refuse(404, "not-a-custodian", text["NotACustodian"], rule: "R18");
    }

    static async Task<IResult> Commit(
        string period, CommitRequest request, ClaimsPrincipal user, AllocationDb db, Drand drand, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (request.Randomness is not ("custodians" or "drand"))
        {
            return Problems.Refuse(422, "randomness-unknown", text["RandomnessUnknown"], rule: "R18");
        }
        if (request.Randomness == "drand" && (request.Round is not { } named || drand.TimeOf(named) is null))
        {
            return Problems.Refuse(422, "round-malformed", text["RoundMalformed"], rule: "R18");
        }
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        var now = time.GetUtcNow();
        if (Unready(turn, request, drand, now, text) is { } refusal)
        {
            return refusal;
        }
        var (book, round) = (turn.Book, request.Randomness == "drand" ? request.Round : null);
        db.Draws.Add(new()
        {
            Period = period,
            Number = turn.Number,
            Applications = book.List!.Count,
            Programmes = book.Programmes!.Value,
            ApplicationsSha256 = book.List.Sha256,
            ProgrammesSha256 = book.ProgrammesSha256!,
            Source = round is { } drawn ? drand.Source(drawn) : Seed.Custodians(turn.Custodians.Count),
            Round = round,
            CommittedAt = now,
            CommittedBy = user.DisplayName(),
        });
        db.Record(OfficeAct.By(user, now, "draw.committed", period, detail: db.Draws.Local.MaxBy(draw => draw.Number)!.Source));
        await turn.Commit(db, cancellationToken);
        return await Now(db, drand, period, cancellationToken);
    }

    /// <summary>What is still missing for the commitment.</summary>
    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Unready(Turn turn, CommitRequest request, Drand drand, DateTimeOffset now, IStringLocalizer<Texts> text)
    {
        if (turn.State != DrawState.Frozen)
        {
            return OutOfOrder(text, turn.Draw is null ? "NotFrozen" : "AlreadyCommitted", turn);
        }
        if (now < turn.CommitFrom)
        {
            return OutOfOrder(text, "ObjectionsOpen", turn, Clock(turn.CommitFrom!.Value));
        }
        if (request.Randomness == "custodians")
        {
            return turn.Custodians.Count < LeastCustodians ? OutOfOrder(text, "CustodiansMissing", turn, LeastCustodians, turn.Custodians.Count) : null;
        }
        // R18: nobody may know the round when it is named, and everybody must have the time to read what was named.
        var (at, earliest) = (drand.TimeOf(request.Round!.Value)!.Value, now + drand.Lead);
        return at < earliest
            ? Problems.Refuse(422, "round-too-early", text["RoundTooEarly", request.Round.Value, Clock(at)], text["RoundTooEarly.Detail", drand.RoundAt(earliest), Clock(earliest)], "R18")
            : null;
    }

    static async Task<IResult> Reveal(
        string period, RevealRequest request, ClaimsPrincipal user, AllocationDb db, Drand drand, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        if (turn.Draw is null)
        {
            return OutOfOrder(text, "NotCommitted", turn);
        }
        if (turn.Custodians.SingleOrDefault(custodian => custodian.Subject == user.Subject()) is not { } own || own.Name != request.Name?.Trim())
        {
            return Problems.Refuse(403, "not-a-custodian", text["NotACustodian"], rule: "R18");
        }
        if (request.Reveal is not { Length: > 0 and <= LongestReveal } reveal || Seed.Commitment(reveal) != own.Commitment)
        {
            return Problems.Refuse(422, "reveal-mismatch", text["RevealMismatch"], rule: "R18");
        }
        own.Open(reveal);
        db.Record(OfficeAct.By(user, time.GetUtcNow(), "custodian.revealed", period, own.Name));
        await turn.Commit(db, cancellationToken);
        return await Now(db, drand, period, cancellationToken);
    }

    static async Task<IResult> Run(
        string period, HttpContext http, AllocationDb db, Drand drand, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        DrandRound? round = null;
        await using (var ahead = await Turn.Look(db, period, cancellationToken)) // relays are asked while nobody is kept waiting
        {
            if (ahead is { State: DrawState.Committed, Draw.Round: { } named })
            {
                if (drand.TimeOf(named) > time.GetUtcNow())
                {
                    return OutOfOrder(text, "RoundToCome", ahead, named, Clock(drand.TimeOf(named)!.Value));
                }
                try
                {
                    round = await drand.Fetch(named, cancellationToken);
                }
                catch (RandomnessUnavailableException fault)
                {
                    http.Response.Headers.RetryAfter = "5";
                    return Problems.Refuse(503, "randomness-unavailable", text["RandomnessUnavailable", named], fault.Message, "R18");
                }
            }
        }
        db.ChangeTracker.Clear();
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        if (turn.State is not (DrawState.Committed or DrawState.Drawn))
        {
            return OutOfOrder(text, turn.Draw is null ? "NotCommitted" : "AlreadyPublished", turn);
        }
        if (turn.Silent.Count > 0)
        {
            return OutOfOrder(text, "RevealMissing", turn, string.Join(", ", turn.Silent));
        }
        if (turn.State == DrawState.Committed && turn.Draw!.Round != round?.Round)
        {
            return OutOfOrder(text, "CommittedMeanwhile", turn);
        }
        // R17: one run; told to run again, the draw answers what it is.
        if (turn.State == DrawState.Committed)
        {
            await DrawRun.Run(db, turn, round, time.GetUtcNow(), http.User.DisplayName(), cancellationToken);
            db.Record(OfficeAct.By(http.User, time.GetUtcNow(), "draw.run", period));
            await turn.Commit(db, cancellationToken);
        }
        return await Now(db, drand, period, cancellationToken);
    }

    static async Task<IResult> Publish(
        string period, ClaimsPrincipal user, AllocationDb db, Drand drand, Publication publication, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        if (turn.State < DrawState.Drawn)
        {
            return OutOfOrder(text, "NotDrawn", turn);
        }
        if (turn.State == DrawState.Drawn)
        {
            await publication.Publish(db, turn.Draw!, time.GetUtcNow(), user.DisplayName(), cancellationToken);
            db.Record(OfficeAct.By(user, time.GetUtcNow(), "draw.published", period));
            await turn.Commit(db, cancellationToken);
        }
        return await Now(db, drand, period, cancellationToken);
    }

    /// <summary>
    /// R17: another draw, because a custodian stays silent or the result cannot stand. The one before stays public; its seats stand until the
    /// new results are, and no request of phase B is decided meanwhile.
    /// </summary>
    static async Task<IResult> Repeat(
        string period, ReasonRequest request, ClaimsPrincipal user, AllocationDb db, Drand drand, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (request.Fault(text) is { } malformed)
        {
            return malformed;
        }
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        // An outcome that somebody may already know must come to light before there is another.
        if (turn.Draw is null || turn.State == DrawState.Drawn || turn is { State: DrawState.Committed, Silent.Count: 0, Draw.Round: null })
        {
            return OutOfOrder(text, turn.Draw is null ? "NotCommitted" : "PublishFirst", turn);
        }
        await db.Database.ExecuteSqlAsync($"select 1 from seat_heads where period = {period} for update", cancellationToken); // decisions wait, or are there
        if (await db.SeatLog.AnyAsync(line => line.Period == period, cancellationToken))
        {
            return OutOfOrder(text, "SeatsDecided", turn);
        }
        await db.SeatHeads.Where(head => head.Period == period).ExecuteDeleteAsync(cancellationToken);
        db.Repetitions.Add(new() { Period = period, Draw = turn.Number + 1, Reason = request.Reason!.Trim(), By = user.DisplayName(), At = time.GetUtcNow() });
        db.Record(OfficeAct.By(user, time.GetUtcNow(), "draw.repeated", period, reason: request.Reason));
        await turn.Commit(db, cancellationToken);
        return await Now(db, drand, period, cancellationToken);
    }

    static async Task<IResult> Now(AllocationDb db, Drand drand, string period, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var turn = await Turn.Look(db, period, cancellationToken);
        return Results.Ok(await Status.Of(db, drand, turn!, cancellationToken));
    }

    internal static IResult UnknownPeriod(IStringLocalizer<Texts> text, string period) => Problems.Refuse(404, "unknown-period", text["UnknownPeriod", period]);

    static string Clock(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Athens).ToString("G", CultureInfo.CurrentCulture);

    /// <summary>The act is not the next one; the problem says what is missing.</summary>
    internal static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult OutOfOrder(IStringLocalizer<Texts> text, string why, Turn turn, params object[] arguments) =>
        Problems.Refuse(409, "draw-out-of-order", text["OutOfOrder", text[$"State.{turn.State}"].Value], text[why, arguments], "R17");

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Sha256Hex();
}

/// <param name="Commitment">SHA-256, lower-case hex, of the reveal to come.</param>
public sealed record CommitmentRequest(string? Name, string? Commitment);

/// <param name="Revealed">Whether the reveal was given; what it is appears with the results.</param>
public sealed record OwnCommitment(string Name, string Commitment, DateTimeOffset CommittedAt, bool Revealed);

/// <param name="Randomness"><c>custodians</c> or <c>drand</c>.</param>
/// <param name="Round">With <c>drand</c>: a round still to come.</param>
public sealed record CommitRequest(string? Randomness, long? Round);

public sealed record RevealRequest(string? Name, string? Reveal);

/// <summary>Why the office does what the rules do not do by themselves (R31); it is public.</summary>
public sealed record ReasonRequest(string? Reason)
{
    const int Shortest = 10, Longest = 1000;

    internal IResult? Fault(IStringLocalizer<Texts> text) =>
        Reason?.Trim().Length is >= Shortest and <= Longest ? null : Problems.Refuse(422, "reason-missing", text["ReasonMissing", Shortest, Longest], rule: "R31");
}
