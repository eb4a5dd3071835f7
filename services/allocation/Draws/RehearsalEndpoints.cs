using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>Rehearsals of the draw (R18), for those who run it and those who watch over it.</summary>
public static class RehearsalEndpoints
{
    const int LongestText = 100, MostInvented = 200_000;

    public static void MapRehearsals(this IEndpointRouteBuilder routes)
    {
        var rehearsals = routes.MapGroup("/api/draws/{period}/rehearsals").WithTags("Draw");
        rehearsals.MapGet("", List).RequireAuthorization(Policies.OfficeOrAuditor).Produces<Paged<RehearsalView>>();
        rehearsals.MapPost("", (string period, RehearsalRequest request, Office office, CancellationToken cancel) => office.Begin(period, request, cancel)).RequireAuthorization(Policies.Office);
        rehearsals.MapGet("/{number:int}/bundle.zip", (string period, int number, Office office, CancellationToken cancel) => office.Bundle(period, number, cancel)).RequireAuthorization(Policies.OfficeOrAuditor);
    }

    static async Task<IResult> List(string period, AllocationDb db, CancellationToken cancellationToken, int page = 1, int pageSize = 50)
    {
        (page, pageSize) = (Math.Max(1, page), Math.Clamp(pageSize, 1, 1000));
        var all = db.Rehearsals.AsNoTracking().Where(rehearsal => rehearsal.Period == period);
        var items = await all.OrderByDescending(rehearsal => rehearsal.Number).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancellationToken);
        return Results.Ok(new Paged<RehearsalView>([.. items.Select(rehearsal => RehearsalView.Of(rehearsal))], page, pageSize, await all.CountAsync(cancellationToken)));
    }

    internal sealed class Office(AllocationDb db, NpgsqlDataSource source, IHttpContextAccessor http, TimeProvider time, IStringLocalizer<Texts> text)
    {
        public async Task<IResult> Begin(string period, RehearsalRequest request, CancellationToken cancellationToken)
        {
            var name = request.Text?.Trim() ?? "";
            if (name.Length is 0 or > LongestText || name.Any(character => char.IsControl(character)))
            {
                return Problems.Refuse(422, "rehearsal-text", text["RehearsalText", LongestText], rule: "R18");
            }
            if (request.Synthetic is < 1 or > MostInvented)
            {
                return Problems.Refuse(422, "rehearsal-size", text["RehearsalSize", MostInvented], rule: "R18");
            }
            await using var turn = await Turn.Take(db, period, cancellationToken);
            if (turn is null)
            {
                return CeremonyEndpoints.UnknownPeriod(text, period);
            }
            if (request.Synthetic is null && turn.Book.FrozenAt is null)
            {
                return CeremonyEndpoints.OutOfOrder(text, "NotFrozen", turn);
            }
            if (!await db.Programmes.AnyAsync(programme => programme.Period == period, cancellationToken))
            {
                return Problems.Refuse(409, "no-programmes", text["NoProgrammes"]);
            }
            var rehearsal = new Rehearsal
            {
                Period = period,
                Number = await db.Rehearsals.CountAsync(known => known.Period == period, cancellationToken) + 1,
                Text = name,
                Synthetic = request.Synthetic,
                Draw = turn.Number,
                By = http.HttpContext!.User.DisplayName(),
                At = time.GetUtcNow(),
            };
            db.Rehearsals.Add(rehearsal);
            db.Record(OfficeAct.By(http.HttpContext!.User, time.GetUtcNow(), "draw.rehearsed", period));
            await turn.Commit(db, cancellationToken);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return Results.Ok(RehearsalView.Of(rehearsal, await Rehearsal.Run(rehearsal, connection, cancellationToken)));
        }

        public async Task<IResult> Bundle(string period, int number, CancellationToken cancellationToken)
        {
            var rehearsal = await db.Rehearsals.AsNoTracking().SingleOrDefaultAsync(known => known.Period == period && known.Number == number, cancellationToken);
            if (rehearsal is null)
            {
                return Problems.Refuse(404, "unknown-rehearsal", text["UnknownRehearsal", number]);
            }
            BundleEndpoints.AllowZip(http.HttpContext!);
            return TypedResults.Stream(async stream =>
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                var rehearsed = await Rehearsal.Run(rehearsal, connection, cancellationToken);
                await Draws.Bundle.Zip(rehearsed.Files(), rehearsal.At, stream, cancellationToken);
            }, "application/zip", $"REHEARSAL-{period}-{number}.zip");
        }
    }
}

/// <param name="Text">What this rehearsal is called, and all its randomness.</param>
/// <param name="Synthetic">How many applications to invent; null for the frozen list.</param>
public sealed record RehearsalRequest(string? Text, int? Synthetic);

/// <param name="Watermark">What it must be shown with, everywhere.</param>
public sealed record RehearsalView(
    int Number, string Text, string Source, int? Synthetic, string By, DateTimeOffset At, string Watermark, int? Applications, int? Placed, int? FirstChoices, int? Viable, int? Programmes)
{
    internal static RehearsalView Of(Rehearsal r, RehearsedDraw? run = null) => new(
        r.Number, r.Text, r.Source, r.Synthetic, r.By, r.At, "ΔΟΚΙΜΗ – δεν είναι η κλήρωση · REHEARSAL – not the draw",
        run?.Draw.Applications, run?.Result.Seat.Count(seat => seat >= 0), run?.Result.Order.Count(application => run.Result.Rank(application) == 1),
        run?.Result.Members.Zip(run.Result.Book.Programmes, (members, programme) => members >= programme.Minimum).Count(viable => viable), run?.Draw.Programmes);
}
