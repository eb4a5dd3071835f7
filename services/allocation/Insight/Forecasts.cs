using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Allocation.Insight;

/// <summary>Configuration <c>Insight</c>.</summary>
public sealed class InsightOptions
{
    /// <summary>Simulated draws of an estimate.</summary>
    public int Draws { get; set; } = 200;

    /// <summary>How old an estimate may grow before the book is looked at again.</summary>
    public double RefreshSeconds { get; set; } = 30;
}

/// <summary>
/// The latest forecast of each period, made once for all who ask. Who comes when it is due gets the one at hand, and a new one is made meanwhile if
/// the book has changed; only who finds none, or one long out of date, waits.
/// </summary>
public sealed partial class Forecasts(NpgsqlDataSource source, TimeProvider time, IOptions<InsightOptions> options, IHostApplicationLifetime life, ILogger<Forecasts> log)
{
    readonly ConcurrentDictionary<string, Held> periods = new(StringComparer.Ordinal);

    /// <param name="period">Of a period that exists.</param>
    public async ValueTask<Forecast> Of(string period, CancellationToken cancellationToken)
    {
        var held = periods.GetOrAdd(period, _ => new());
        var (forecast, refresh) = Look(period, held);
        return forecast ?? await refresh!.WaitAsync(cancellationToken);
    }

    (Forecast? Forecast, Task<Forecast>? Refresh) Look(string period, Held held)
    {
        lock (held)
        {
            var (every, age) = (TimeSpan.FromSeconds(options.Value.RefreshSeconds), time.GetElapsedTime(held.LookedAt));
            if (held.Forecast is not null && age < every)
            {
                return (held.Forecast, null);
            }
            held.Refresh ??= Task.Run(() => Refresh(period, held));
            return (age < 2 * every ? held.Forecast : null, held.Refresh);
        }
    }

    async Task<Forecast> Refresh(string period, Held held)
    {
        try
        {
            var forecast = held.Forecast;
            if (forecast is null || await LiveBook.Edition(source, period, life.ApplicationStopping) != forecast.Mark)
            {
                var asOf = time.GetUtcNow();
                forecast = Forecast.Of(await LiveBook.Read(source, period, life.ApplicationStopping), options.Value.Draws, asOf, life.ApplicationStopping);
            }
            lock (held)
            {
                (held.Forecast, held.LookedAt, held.Refresh) = (forecast, time.GetTimestamp(), null);
            }
            return forecast;
        }
        catch (Exception fault)
        {
            NoForecast(log, fault, period);
            lock (held)
            {
                held.Refresh = null; // whoever asks next tries again
            }
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The forecast of {Period} could not be made.")]
    private static partial void NoForecast(ILogger log, Exception fault, string period);

    sealed class Held
    {
        public Forecast? Forecast;
        public long LookedAt;
        public Task<Forecast>? Refresh;
    }
}
