using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Text.Json;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

public sealed record LiveProgramme(string Programme, int Members, int Offered, int Free, int Needed, bool BelowMinimum);

/// <summary>A reader of the stream of seats, as a browser is one.</summary>
public sealed class SeatReader : IAsyncDisposable
{
    readonly HttpResponseMessage response;
    readonly CancellationTokenSource left = new();
    readonly Task reading;

    SeatReader(HttpResponseMessage response)
    {
        this.response = response;
        reading = Read();
    }

    public ImmutableList<(string Id, IReadOnlyList<LiveProgramme> Seats)> Events { get; private set; } = [];

    /// <summary>The state that all events together tell.</summary>
    public IReadOnlyDictionary<string, LiveProgramme> Seats => Events.SelectMany(told => told.Seats).GroupBy(seat => seat.Programme).ToDictionary(seats => seats.Key, seats => seats.Last());

    public bool Ended => reading.IsCompleted;

    public Exception? Fault { get; private set; }

    public static async Task<SeatReader> Open(ServiceUnderTest<Program> service, string period, string? lastEventId = null, string? since = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/seats/{period}/stream{(since is null ? "" : $"?since={since}")}", UriKind.Relative));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        var response = await service.Anyone().SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new(response);
    }

    async Task Read()
    {
        try
        {
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(left.Token)).EnumerateAsync(left.Token))
            {
                Assert.Equal("seats", item.EventType);
                Events = Events.Add((item.EventId!, JsonSerializer.Deserialize<List<LiveProgramme>>(item.Data, JsonSerializerOptions.Web)!));
            }
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
        {
            Fault = fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await left.CancelAsync();
        await reading;
        response.Dispose();
        left.Dispose();
    }
}
