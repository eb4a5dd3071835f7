using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Allocation.Seats;

/// <summary>
/// Changes of seats as server-sent events. A reader is told the latest state as fast as they take it: what changed meanwhile is one event, and
/// nothing waits for a slow one.
/// </summary>
static class LiveStream
{
    const int RetrySeconds = 5;

    /// <param name="since">The edition that the reader has already, as <c>Last-Event-ID</c> or the tag of an answer gave it.</param>
    internal static async Task<IResult> Get(
        string period, HttpContext http, LiveSeats live, IHostApplicationLifetime life, IStringLocalizer<Texts> text, string? since = null)
    {
        if (await live.Now(period, http.RequestAborted) is null)
        {
            return await SeatEndpoints.NotPublic(period, http);
        }
        if (live.Join(period) is not { } seats)
        {
            http.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
            return Problems.Refuse(StatusCodes.Status503ServiceUnavailable, "too-many-streams", text["TooManyStreams"], text["TooManyStreams.Detail"]);
        }
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
            await Tell(http, seats, seats.RevisionOf(http.Request.Headers["Last-Event-ID"] is { Count: > 0 } last ? last.ToString() : since), end.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader left, or this replica stops: the response ends here, and the reader comes back to another.
        }
        finally
        {
            live.Leave(seats);
        }
        return Results.Empty;
    }

    static async Task Tell(HttpContext http, LivePeriod seats, long told, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache, no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no"; // nginx, where one stands before us
        http.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        await http.Response.Body.WriteAsync("retry: 3000\n\n"u8.ToArray(), cancellationToken);
        while (true)
        {
            var woken = seats.Woken; // before the look: a change after it ends this one
            if (seats.Now is { } now && now.Revision > told)
            {
                await http.Response.Body.WriteAsync(now.Since(told), cancellationToken);
                told = now.Revision;
            }
            else
            {
                await http.Response.Body.WriteAsync(":\n\n"u8.ToArray(), cancellationToken);
            }
            await http.Response.Body.FlushAsync(cancellationToken);
            await woken.WaitAsync(cancellationToken);
        }
    }
}
