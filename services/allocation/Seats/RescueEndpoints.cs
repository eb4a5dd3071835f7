using System.Data;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>The rescue (R27): what it would do and what it did, and the programmes that the office keeps. It is set off in applications, whose order it has its place in.</summary>
public static class RescueEndpoints
{
    public static void MapRescue(this IEndpointRouteBuilder routes)
    {
        var rescue = routes.MapGroup("/api/seats/{period}/rescue").WithTags("Rescue");
        rescue.MapGet("", State).AllowAnonymous().Produces<RescueState>();
        rescue.MapGet("/preview", Preview).RequireAuthorization(Policies.OfficeOrAuditor).Produces<RescuePreview>().ProducesProblem(409);
        rescue.MapPut("/kept/{programme}", Keep).RequireAuthorization(Policies.Office).Produces<KeptView>().ProducesProblem(409).ProducesProblem(422);
        rescue.MapDelete("/kept/{programme}", Drop).RequireAuthorization(Policies.Office).Produces(204).ProducesProblem(404).ProducesProblem(409);
    }

    static async Task<IResult> State(string period, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (!await db.Periods.AnyAsync(known => known.Code == period, cancellationToken))
        {
            return CeremonyEndpoints.UnknownPeriod(text, period);
        }
        var done = await db.SeatHeads.AsNoTracking().Where(head => head.Period == period).Select(head => head.RescuedAt).SingleOrDefaultAsync(cancellationToken);
        var kept = await db.KeptProgrammes.AsNoTracking().Where(programme => programme.Period == period).OrderBy(programme => programme.At).ToListAsync(cancellationToken);
        var cancelled = await db.CancelledProgrammes.AsNoTracking().Where(programme => programme.Period == period).Select(programme => programme.Programme).ToListAsync(cancellationToken);
        return TypedResults.Ok(new RescueState(done, [.. kept.Select(KeptView.Of)], [.. cancelled.Order(StringComparer.Ordinal)]));
    }

    /// <summary>The rescue itself, on the seats as they are now, kept nowhere.</summary>
    static async Task<IResult> Preview(
        string period, AllocationDb db, NpgsqlDataSource source, PublishedLines published, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        if (await SeatRows.Head(connection, period, cancellationToken) is not { } head)
        {
            return await NoSeats(period, db, text, cancellationToken);
        }
        if (head.RescuedAt is not null)
        {
            return Done(text);
        }
        var (book, _) = await SeatRows.Load(connection, published, head, cancellationToken);
        var before = book.Members.ToDictionary();
        var start = await RescueRows.Read(connection, head, cancellationToken);
        var events = new List<SeatEvent>();
        book.Rescue(start, events);
        var catalogue = (await CanonicalLists.Programmes(connection, period, cancellationToken)).ToDictionary(programme => programme.Code, StringComparer.Ordinal);
        await using var waiting = new NpgsqlCommand("""select count(*) from seat_requests where period = $1 and "order" >= $2""", connection)
        { Parameters = { new() { Value = period }, new() { Value = head.NextOrder } } };
        var undecided = (long)(await waiting.ExecuteScalarAsync(cancellationToken))!;
        var ended = before.Keys.Where(code => before[code] < catalogue[code].Minimum).OrderBy(code => before[code]).ThenBy(code => code, StringComparer.Ordinal)
            .Select(code => new RescuedProgramme(code, catalogue[code].Title, catalogue[code].Cluster, catalogue[code].CentreName, catalogue[code].Minimum, before[code],
                book.Members[code], book.Cancelled.Contains(code), start.Kept.Contains(code)));
        return TypedResults.Ok(new RescuePreview(head.Lines, undecided, [.. ended],
            [.. events.Select(line => new RescuedMember(line.Ticket, line.Event, line.Programme!))]));
    }

    static async Task<IResult> Keep(
        string period, string programme, ReasonRequest request, HttpContext http, AllocationDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (request.Fault(text) is { } malformed)
        {
            return malformed;
        }
        return await Change(period, db, text, async () =>
        {
            var listed = await db.Programmes.AsNoTracking().SingleOrDefaultAsync(known => known.Period == period && known.Code == programme, cancellationToken);
            if (listed is null)
            {
                return Problems.Refuse(404, "unknown-programme", text["UnknownProgramme", programme]);
            }
            var members = await db.Seats.CountAsync(seat => seat.Period == period && seat.Programme == programme, cancellationToken);
            if (members == 0 || members >= listed.Body.Minimum)
            {
                return Problems.Refuse(409, "nothing-to-keep", text["NothingToKeep", programme, members, listed.Body.Minimum], rule: "R27");
            }
            await db.KeptProgrammes.Where(known => known.Period == period && known.Programme == programme).ExecuteDeleteAsync(cancellationToken);
            var kept = new KeptProgramme { Period = period, Programme = programme, Reason = request.Reason!.Trim(), By = http.User.DisplayName(), At = time.GetUtcNow() };
            db.KeptProgrammes.Add(kept);
            db.Record(OfficeAct.By(http.User, kept.At, "programme.kept", period, programme, kept.Reason));
            await db.SaveChangesAsync(cancellationToken);
            return TypedResults.Ok(KeptView.Of(kept));
        }, cancellationToken);
    }

    static Task<IResult> Drop(
        string period, string programme, HttpContext http, AllocationDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) => Change(period, db, text, async () =>
        {
            if (await db.KeptProgrammes.Where(known => known.Period == period && known.Programme == programme).ExecuteDeleteAsync(cancellationToken) == 0)
            {
                return Problems.Refuse(404, "not-kept", text["NotKept", programme]);
            }
            db.Record(OfficeAct.By(http.User, time.GetUtcNow(), "programme.dropped", period, programme));
            await db.SaveChangesAsync(cancellationToken);
            return TypedResults.NoContent();
        }, cancellationToken);

    /// <summary>The head stays locked: the rescue is decided before the change, and refuses it, or after it.</summary>
    static async Task<IResult> Change(string period, AllocationDb db, IStringLocalizer<Texts> text, Func<Task<IResult>> change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var head = await SeatRows.LockHead((NpgsqlConnection)db.Database.GetDbConnection(), period, cancellationToken);
        if (head is null)
        {
            return await NoSeats(period, db, text, cancellationToken);
        }
        if (head.RescuedAt is not null)
        {
            return Done(text);
        }
        var result = await change();
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    static async Task<IResult> NoSeats(string period, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        (await DrawEndpoints.Published(period, db, text, cancellationToken)).Refusal ?? Problems.Refuse(409, "draw-not-published", text["NotPublished"], rule: "R27");

    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Done(IStringLocalizer<Texts> text) => Problems.Refuse(409, "rescue-done", text["RescueDone"], rule: "R27");
}

/// <param name="RescuedAt">Null before the rescue.</param>
/// <param name="Cancelled">Codes of the programmes that do not run.</param>
public sealed record RescueState(DateTimeOffset? RescuedAt, IReadOnlyList<KeptView> Kept, IReadOnlyList<string> Cancelled);

public sealed record KeptView(string Programme, string Reason, string By, DateTimeOffset At)
{
    internal static KeptView Of(KeptProgramme kept) => new(kept.Programme, kept.Reason, kept.By, kept.At);
}

/// <summary>What the rescue would do to the seats as they are.</summary>
/// <param name="Line">Of the claim log, up to which it is reckoned.</param>
/// <param name="Undecided">Requests that come before the rescue and are not in it yet.</param>
/// <param name="Programmes">Those below their minimum, the emptiest first.</param>
/// <param name="Members">The log's lines, in order.</param>
public sealed record RescuePreview(long Line, long Undecided, IReadOnlyList<RescuedProgramme> Programmes, IReadOnlyList<RescuedMember> Members);

/// <param name="Members">Before.</param>
/// <param name="MembersAfter">More than before where others were moved in.</param>
public sealed record RescuedProgramme(string Programme, string Title, string Cluster, string CentreName, int Minimum, int Members, int MembersAfter, bool Cancelled, bool Kept);

/// <param name="Programme">The new seat of who is moved; else the programme of the line.</param>
public sealed record RescuedMember(string Ticket, string Event, string Programme);
