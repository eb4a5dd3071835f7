using System.Globalization;
using System.Text.Json;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Audit;

/// <summary>One download with everything that was public about a period's draws and seats, and a report for the committee's minutes in Greek and English (R17, R24, R31).</summary>
public static class AuditEndpoints
{
    static readonly JsonSerializerOptions Indented = new(Outbox.Json) { WriteIndented = true, NewLine = "\n" };

    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/draws/{period}/audit.zip", (string period, HttpContext http, Download download, CancellationToken cancel) => download.Give(period, http, cancel))
            .WithTags("Draw").AllowAnonymous();

    internal sealed class Download(AllocationDb db, NpgsqlDataSource source, Drand drand, TimeProvider time, IServiceProvider services, ILoggerFactory logs, IStringLocalizer<Texts> text)
    {
        public async Task<IResult> Give(string period, HttpContext http, CancellationToken cancellationToken)
        {
            await using var turn = await Turn.Look(db, period, cancellationToken);
            if (turn is null)
            {
                return CeremonyEndpoints.UnknownPeriod(text, period);
            }
            if (turn.Published is null)
            {
                return DrawEndpoints.Published(turn, null, text).Refusal!;
            }
            var facts = await Facts(turn, cancellationToken);
            BundleEndpoints.AllowZip(http);
            return TypedResults.Stream(async stream =>
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                await Bundle.Zip(Files(connection, turn, facts, cancellationToken), facts.At, stream, cancellationToken);
            }, "application/zip", $"{period}-audit.zip");
        }

        async Task<AuditFacts> Facts(Turn turn, CancellationToken cancellationToken)
        {
            var (period, published) = (turn.Period.Code, turn.Published!);
            var ranks = await db.Outcomes.Where(outcome => outcome.Period == period && outcome.Draw == published.Number).GroupBy(outcome => outcome.Rank)
                .Select(same => new { same.Key, Count = same.Count() }).OrderBy(same => same.Key).ToListAsync(cancellationToken);
            var lines = await db.SeatLog.Where(line => line.Period == period).GroupBy(line => line.Event)
                .Select(same => new { same.Key, Count = same.Count() }).OrderBy(same => same.Key).ToListAsync(cancellationToken);
            return new(turn, await Status.Of(db, drand, turn, cancellationToken),
                await db.Strikes.AsNoTracking().Where(strike => strike.Period == period).OrderBy(strike => strike.Number).ToListAsync(cancellationToken),
                await db.Rehearsals.AsNoTracking().Where(rehearsal => rehearsal.Period == period).OrderBy(rehearsal => rehearsal.Number).ToListAsync(cancellationToken),
                ranks.ToDictionary(same => same.Key, same => same.Count), lines.ToDictionary(same => same.Key, same => same.Count),
                await db.DrawnProgrammes.CountAsync(programme => programme.Period == period && programme.Draw == published.Number && programme.BelowMinimum, cancellationToken),
                await db.SeatHeads.Where(head => head.Period == period).Select(head => head.Hash).SingleOrDefaultAsync(cancellationToken),
                Software.Of(services.GetRequiredService<IConfiguration>()), time.GetUtcNow());
        }

        IEnumerable<(string, IAsyncEnumerable<string>)> Files(NpgsqlConnection connection, Turn turn, AuditFacts facts, CancellationToken cancellationToken)
        {
            var period = turn.Period.Code;
            yield return ("report.el.html", Once(() => AuditReport.Write(services, logs, facts, "el-GR")));
            yield return ("report.en.html", Once(() => AuditReport.Write(services, logs, facts, "en-GB")));
            yield return ("announced-applications.txt", CanonicalLists.ApplicationLines(connection, period, 0, cancellationToken));
            foreach (var draw in turn.Draws.Where(draw => draw.State == DrawState.Published))
            {
                foreach (var (name, lines) in Bundle.Files(connection, turn, draw, cancellationToken))
                {
                    yield return (string.Create(CultureInfo.InvariantCulture, $"draw-{draw.Number}/{name}"), lines);
                }
            }
            yield return ("log.txt", SeatEndpoints.Lines(source, period, cancellationToken));
            yield return ("ceremony.json", Json(facts.Status));
            yield return ("overrides.json", Json(new { Calendar = turn.Period.Overrides ?? [], Strikes = facts.Strikes.Select(StrikeView.Of), turn.Repetitions }));
            yield return ("rehearsals.json", Json(facts.Rehearsals.Select(rehearsal => RehearsalView.Of(rehearsal))));
            yield return ("software.json", Json(facts.Software));
        }

        static IAsyncEnumerable<string> Json(object value) => AsyncEnumerable.Repeat(JsonSerializer.Serialize(value, Indented) + "\n", 1);

        static async IAsyncEnumerable<string> Once(Func<Task<string>> write)
        {
            yield return await write();
        }
    }
}
