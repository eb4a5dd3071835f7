using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>
/// The seats of the periods that somebody looks at, in the memory of every replica. The transaction that decides notifies; each replica then reads
/// the period once, at most every 250 ms, however many look. A slow poll is the net; of what nobody looks at nothing is read.
/// </summary>
public sealed class LiveSeats(NpgsqlDataSource source, IOptions<LiveOptions> options, IOptions<JsonOptions> json, ILogger<LiveSeats> log) : BackgroundService
{
    internal const string Channel = "seats";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan Net = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Interest = TimeSpan.FromSeconds(30);

    readonly Dictionary<string, LivePeriod> watched = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    readonly JsonSerializerOptions written = json.Value.SerializerOptions;
    int streams;

    /// <summary>The period's seats; null while no results are public.</summary>
    public async Task<LiveSnapshot?> Now(string period, CancellationToken cancellationToken)
    {
        var seats = LookAt(period, stream: false);
        return seats.Now ?? await First(seats, cancellationToken);
    }

    /// <summary>The period, to hear of its changes until <see cref="Leave"/>; null if the replica has as many who do so as it may.</summary>
    public LivePeriod? Join(string period)
    {
        if (Interlocked.Increment(ref streams) <= options.Value.MostStreams)
        {
            return LookAt(period, stream: true);
        }
        Interlocked.Decrement(ref streams);
        return null;
    }

    public void Leave(LivePeriod seats)
    {
        Interlocked.Decrement(ref streams);
        lock (gate)
        {
            seats.Streams--;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Listen(stoppingToken), Beat(stoppingToken));

    LivePeriod LookAt(string period, bool stream)
    {
        lock (gate)
        {
            if (!watched.TryGetValue(period, out var seats))
            {
                watched[period] = seats = new(period, written);
            }
            seats.ReadAt = Environment.TickCount64;
            seats.Streams += stream ? 1 : 0;
            return seats;
        }
    }

    /// <summary>It is watched before it is read: no decision comes between the two unnoticed.</summary>
    async Task<LiveSnapshot?> First(LivePeriod seats, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await seats.Read(connection, cancellationToken);
        }
        finally
        {
            if (seats.Now is null)
            {
                Forget(period => period == seats && period is { Streams: 0, Now: null });
            }
        }
        return seats.Now;
    }

    async Task Listen(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notice) => Stale(notice.Payload);
                await using (var listen = new NpgsqlCommand($"set application_name = 'live-seats'; listen {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }
                await Follow(connection, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) // whatever it was, the seats must be read again
            {
                log.LogWarning("Changes of seats are not heard: {Reason}", fault.Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task Follow(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        Stale(null);
        while (true)
        {
            Forget(period => period.Streams == 0 && Environment.TickCount64 - period.ReadAt > Interest.TotalMilliseconds);
            var stale = Watched(period => period.Stale);
            foreach (var period in stale)
            {
                await period.Read(connection, stoppingToken); // takes in the notices that came with it
            }
            if (stale.Count > 0)
            {
                await Task.Delay(Pause, stoppingToken);
            }
            else if (!await connection.WaitAsync(Net, stoppingToken))
            {
                Stale(null);
            }
        }
    }

    /// <summary>So that a stream on which nothing happens is not taken for dead on its way, and a reader who left is noticed.</summary>
    async Task Beat(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Watched(period => period.Streams > 0).ForEach(period => period.Wake());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <param name="code">Null for all.</param>
    void Stale(string? code) => Watched(period => code is null || period.Code == code).ForEach(period => period.Stale = true);

    List<LivePeriod> Watched(Func<LivePeriod, bool> which)
    {
        lock (gate)
        {
            return [.. watched.Values.Where(which)];
        }
    }

    void Forget(Func<LivePeriod, bool> which)
    {
        lock (gate)
        {
            foreach (var period in watched.Values.Where(which).ToList())
            {
                watched.Remove(period.Code);
            }
        }
    }
}

/// <summary>Configuration <c>Seats</c>.</summary>
public sealed class LiveOptions
{
    /// <summary>How many may follow the seats at once on one replica; who comes after them asks every few seconds instead.</summary>
    [Range(0, 1_000_000)]
    public int MostStreams { get; init; } = 5000;
}

static class LiveSetup
{
    internal static void AddLiveSeats(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LiveOptions>().BindConfiguration("Seats").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LiveSeats>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveSeats>());
    }
}
