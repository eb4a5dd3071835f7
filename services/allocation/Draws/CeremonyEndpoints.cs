using System.Globalization;
using System.Security.Claims;
using System.Text.RegularExpressions;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
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
        draw.MapPost("/commit", Commit).RequireAuthorization(Policies.Office);
        draw.MapPost("/reveals", Reveal).RequireAuthorization(Policies.Auditor);
        draw.MapPost("/run", Run).RequireAuthorization(Policies.Office);
        draw.MapPost("/publish", Publish).RequireAuthorization(Policies.Office);
    }

    static async Task<IResult> Commitment(
        string period, CommitmentRequest request, ClaimsPrincipal user, AllocationDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
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
                Draw = 1,
                Subject = user.Subject(),
                Position = turn.Custodians.Count + 1,
                Name = name,
                Commitment = request.Commitment!,
                CommittedAt = time.GetUtcNow(),
            });
        }
        await turn.Commit(db, cancellationToken);
        return await Now(db, period, cancellationToken);
    }

    static async Task<IResult> Commit(
        string period, CommitRequest request, AllocationDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (request.Randomness != "custodians")
        {
            return Problems.Refuse(422, "randomness-unsupported", text[request.Randomness == "drand" ? "DrandUnsupported" : "RandomnessUnknown"], rule: "R18");
        }
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        if (turn.State != DrawState.Frozen)
        {
            return OutOfOrder(text, turn.Draw is null ? "NotFrozen" : "AlreadyCommitted", turn);
        }
        if (time.GetUtcNow() < turn.CommitFrom)
        {
            return OutOfOrder(text, "ObjectionsOpen", turn, TimeZoneInfo.ConvertTime(turn.CommitFrom!.Value, Athens).ToString("f", CultureInfo.CurrentCulture));
        }
        if (turn.Custodians.Count < LeastCustodians)
        {
            return OutOfOrder(text, "CustodiansMissing", turn, LeastCustodians, turn.Custodians.Count);
        }
        var book = turn.Book;
        db.Draws.Add(new()
        {
            Period = period,
            Number = 1,
            Applications = book.Applications!.Value,
            Programmes = book.Programmes!.Value,
            ApplicationsSha256 = book.ApplicationsSha256!,
            ProgrammesSha256 = book.ProgrammesSha256!,
            Source = Seed.Custodians(turn.Custodians.Count),
            CommittedAt = time.GetUtcNow(),
        });
        await turn.Commit(db, cancellationToken);
        return await Now(db, period, cancellationToken);
    }

    static async Task<IResult> Reveal(
        string period, RevealRequest request, ClaimsPrincipal user, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
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
        await turn.Commit(db, cancellationToken);
        return await Now(db, period, cancellationToken);
    }

    static async Task<IResult> Run(string period, AllocationDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var turn = await Turn.Take(db, period, cancellationToken);
        if (turn is null)
        {
            return UnknownPeriod(text, period);
        }
        if (turn.State is not (DrawState.Committed or DrawState.Drawn))
        {
            return OutOfOrder(text, turn.Draw is null ? "NotCommitted" : "AlreadyPublished", turn);
        }
        var silent = turn.Custodians.Where(custodian => custodian.Reveal is null).Select(custodian => custodian.Name).ToList();
        if (silent.Count > 0)
        {
            return OutOfOrder(text, "RevealMissing", turn, string.Join(", ", silent));
        }
        // R17: one run; told to run again, the draw answers what it is.
        if (turn.State == DrawState.Committed)
        {
            await DrawRun.Run(db, turn, time.GetUtcNow(), cancellationToken);
            await turn.Commit(db, cancellationToken);
        }
        return await Now(db, period, cancellationToken);
    }

    static async Task<IResult> Publish(
        string period, AllocationDb db, Publication publication, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
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
            await publication.Publish(db, turn.Draw!, time.GetUtcNow(), cancellationToken);
            await turn.Commit(db, cancellationToken);
        }
        return await Now(db, period, cancellationToken);
    }

    static async Task<IResult> Now(AllocationDb db, string period, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using var turn = await Turn.Look(db, period, cancellationToken);
        return Results.Ok(await Status.Of(db, turn!, cancellationToken));
    }

    internal static IResult UnknownPeriod(IStringLocalizer<Texts> text, string period) => Problems.Refuse(404, "unknown-period", text["UnknownPeriod", period]);

    /// <summary>The act is not the next one; the problem says what is missing.</summary>
    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult OutOfOrder(IStringLocalizer<Texts> text, string why, Turn turn, params object[] arguments) =>
        Problems.Refuse(409, "draw-out-of-order", text["OutOfOrder", text[$"State.{turn.State}"].Value], text[why, arguments], "R17");

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Sha256Hex();
}

/// <param name="Commitment">SHA-256, lower-case hex, of the reveal to come.</param>
public sealed record CommitmentRequest(string? Name, string? Commitment);

/// <param name="Randomness"><c>custodians</c>.</param>
public sealed record CommitRequest(string? Randomness, long? Round);

public sealed record RevealRequest(string? Name, string? Reveal);
