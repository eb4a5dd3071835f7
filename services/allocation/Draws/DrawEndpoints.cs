using EPimorfosi.Allocation.Seats;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Allocation.Draws;

/// <summary>What everybody may read of a draw.</summary>
public static class DrawEndpoints
{
    public static void MapDraws(this IEndpointRouteBuilder routes)
    {
        var draw = routes.MapGroup("/api/draws/{period}").WithTags("Draw").AllowAnonymous();
        draw.MapGet("", Draw).Produces<Status>();
        draw.MapGet("/tickets/{ticket}", Ticket).Produces<TicketResult>();
        draw.MapGet("/programmes", Programmes).Produces<Paged<ProgrammeResult>>();
    }

    static async Task<IResult> Draw(string period, AllocationDb db, Drand drand, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var turn = await Turn.Look(db, period, cancellationToken);
        return turn is null ? CeremonyEndpoints.UnknownPeriod(text, period) : Results.Ok(await Status.Of(db, drand, turn, cancellationToken));
    }

    static async Task<IResult> Ticket(
        string period, string ticket, AllocationDb db, LinePositions positions, IStringLocalizer<Texts> text, CancellationToken cancellationToken,
        [FromQuery(Name = "draw")] int? number = null)
    {
        var (draw, refusal) = await Published(period, db, text, cancellationToken, number);
        if (draw is null)
        {
            return refusal!;
        }
        var outcome = await db.Outcomes.AsNoTracking().SingleOrDefaultAsync(o => o.Period == period && o.Draw == draw.Number && o.Ticket == ticket, cancellationToken);
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Period == period && a.Ticket == ticket, cancellationToken);
        if (outcome is null || application is null)
        {
            return Problems.Refuse(404, "unknown-ticket", text["UnknownTicket", ticket]);
        }
        var programmes = await db.DrawnProgrammes.AsNoTracking().Where(p => p.Period == period && p.Draw == draw.Number && application.Preferences.Contains(p.Code))
            .ToDictionaryAsync(p => p.Code, cancellationToken);
        var stands = await db.SeatHeads.AnyAsync(head => head.Period == period && head.Draw == draw.Number, cancellationToken);
        var inLine = stands ? await positions.Of(period, draw.Number, ticket, application.Preferences, cancellationToken) : [];
        var choices = application.Preferences.Zip(outcome.RunnerUp, (code, position) => new ChoiceResult(
            code, programmes[code].CutOff, programmes[code].Members, programmes[code].RunnersUp, position > 0 ? position : null,
            inLine.TryGetValue(code, out var now) ? now : null)).ToList();
        return Results.Ok(new TicketResult(ticket, outcome.Place, draw.Applications, outcome.Programme, outcome.Rank,
            outcome.Programme is { } seat && programmes[seat].BelowMinimum, choices));
    }

    static async Task<IResult> Programmes(
        string period, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken, int page = 1, int pageSize = 50,
        [FromQuery(Name = "draw")] int? number = null)
    {
        var (draw, refusal) = await Published(period, db, text, cancellationToken, number);
        if (draw is null)
        {
            return refusal!;
        }
        (page, pageSize) = (Math.Max(1, page), Math.Clamp(pageSize, 1, 1000));
        var items = await db.DrawnProgrammes.AsNoTracking().Where(p => p.Period == period && p.Draw == draw.Number).OrderBy(p => p.Code)
            .Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancellationToken);
        return Results.Ok(new Paged<ProgrammeResult>([.. items.Select(ProgrammeResult.Of)], page, pageSize, draw.Programmes));
    }

    /// <summary>A published draw of the period, or why there is none to be seen.</summary>
    /// <param name="number">Null for the last one.</param>
    internal static async Task<(Ceremony? Draw, IResult? Refusal)> Published(
        string period, AllocationDb db, IStringLocalizer<Texts> text, CancellationToken cancellationToken, int? number = null)
    {
        await using var turn = await Turn.Look(db, period, cancellationToken);
        return turn is null ? (null, CeremonyEndpoints.UnknownPeriod(text, period)) : Published(turn, number, text);
    }

    internal static (Ceremony? Draw, IResult? Refusal) Published(Turn turn, int? number, IStringLocalizer<Texts> text) =>
        number is { } given && (given < 1 || given > turn.Number) ? (null, Problems.Refuse(404, "unknown-draw", text["UnknownDraw", given]))
        : (number is null ? turn.Published : turn.Draws.SingleOrDefault(draw => draw.Number == number && draw.State == DrawState.Published)) is { } draw ? (draw, null)
        : (null, Problems.Refuse(409, "draw-not-published", text["NotPublished"], text["OutOfOrder", text[$"State.{turn.State}"].Value], "R17"));
}

/// <param name="Of">How many took part.</param>
/// <param name="Rank">The seat's rank on the list, from 1; 0 for none.</param>
/// <param name="Provisional">R20: the programme is below its minimum.</param>
public sealed record TicketResult(string Ticket, int Place, int Of, string? Programme, int Rank, bool Provisional, IReadOnlyList<ChoiceResult> Choices);

/// <param name="CutOff">Place of the one who took the last seat; null if seats were left.</param>
/// <param name="RunnerUp">Position among the programme's runners-up, from 1; null for no runner-up (R19).</param>
/// <param name="Position">R25: place in line for a seat that frees, as of now; null for who is not, or no longer, in line. It only improves.</param>
public sealed record ChoiceResult(string Programme, int? CutOff, int Members, int RunnersUp, int? RunnerUp, int? Position);

public sealed record ProgrammeResult(string Programme, int Members, int? CutOff, int RunnersUp, bool BelowMinimum)
{
    internal static ProgrammeResult Of(DrawnProgramme programme) =>
        new(programme.Code, programme.Members, programme.CutOff, programme.RunnersUp, programme.BelowMinimum);
}
