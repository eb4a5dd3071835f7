using System.Runtime.CompilerServices;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>What everybody may read of phase B: the seats as they are now, and the log of every decision (R24).</summary>
public static class SeatEndpoints
{
    public static void MapSeats(this IEndpointRouteBuilder routes)
    {
        var seats = routes.MapGroup("/api/seats/{period}").WithTags("Seats").AllowAnonymous();
        seats.MapGet("", Seats).Produces<Paged<SeatStatus>>().Produces(304);
        seats.MapGet("/stream", LiveStream.Get).WithSummary("Changes of the seats as server-sent events").Produces<IReadOnlyList<SeatChange>>(200, "text/event-stream").ProducesProblem(503);
        seats.MapGet("/log.txt", Log);
    }

    /// <summary>From memory, and written out once for all who ask: thousands look while the seats go (R22).</summary>
    static async Task<IResult> Seats(string period, HttpContext http, LiveSeats live, CancellationToken cancellationToken, string? cluster = null, int page = 1, int pageSize = 100) =>
        await live.Now(period, cancellationToken) is not { } now ? await NotPublic(period, http)
        : Editions.NotModified(http, now.Edition.ToString())
            ?? TypedResults.Bytes(now.Page(cluster, Math.Max(1, page), Math.Clamp(pageSize, 1, 2000)), "application/json; charset=utf-8");

    /// <summary>Why there are no seats to be seen.</summary>
    internal static async Task<IResult> NotPublic(string period, HttpContext http)
    {
        var services = http.RequestServices;
        var (_, refusal) = await DrawEndpoints.Published(
            period, services.GetRequiredService<AllocationDb>(), services.GetRequiredService<IStringLocalizer<Texts>>(), http.RequestAborted);
        return refusal ?? TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable); // published this very moment
    }

    static async Task<IResult> Log(string period, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var (draw, refusal) = await DrawEndpoints.Published(period, db, text, cancellationToken);
        return draw is null
            ? refusal!
            : TypedResults.Stream(stream => Bundle.Write(Lines(source, period, cancellationToken), stream, cancellationToken), "text/plain; charset=utf-8");
    }

    /// <summary>The lines of <c>log.txt</c> with their LF, as of one moment.</summary>
    internal static async IAsyncEnumerable<string> Lines(NpgsqlDataSource source, string period, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return SeatLog.Header(period);
        await using var command = source.CreateCommand("select number, sequence, ticket, event, programme, preferences, hash from seat_log where period = $1 order by number");
        command.Parameters.Add(new() { Value = period });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var line = new SeatEvent(null, rows.IsDBNull(1) ? null : rows.GetInt64(1), rows.GetString(2), rows.GetString(3),
                rows.IsDBNull(4) ? null : rows.GetString(4), rows.GetFieldValue<string[]>(5));
            yield return $"{SeatLog.Body(rows.GetInt64(0), line)}|{rows.GetString(6)}\n";
        }
    }
}

/// <param name="Offered">R25: seats held back for a runner-up who has not yet answered.</param>
/// <param name="Needed">How many more the programme needs to run.</param>
/// <param name="Cancelled">R27: it does not run.</param>
public sealed record SeatStatus(
    string Programme, string Title, string Cluster, string Category, string Centre, string CentreName, string Prefecture,
    int Minimum, int Maximum, int Members, int Offered, int Free, int Needed, bool BelowMinimum, bool Cancelled)
{
    internal static SeatStatus Of(Contracts.Programmes.Programme programme, SeatCount count) => new(
        programme.Code, programme.Title, programme.Cluster, programme.Category, programme.Centre, programme.CentreName, programme.Prefecture,
        programme.Minimum, programme.Maximum, count.Members, count.Offered, count.Cancelled ? 0 : Math.Max(0, programme.Maximum - count.Members - count.Offered),
        count.Cancelled ? 0 : Math.Max(0, programme.Minimum - count.Members), count.Members < programme.Minimum, count.Cancelled);
}
