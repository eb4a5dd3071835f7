using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>One replica decides the seat requests, each period's strictly in order (R23); another goes on where it stopped.</summary>
public sealed class Decider(NpgsqlDataSource source, PublishedLines published, TimeProvider time, ILogger<Decider> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var election = await Election.TryEnter(source, "decider", stoppingToken);
                if (election is not null)
                {
                    await Decide(election.Connection, stoppingToken);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogError(fault, "Seat requests wait.");
            }
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Until the connection that holds the election, and listens for requests, is lost.</summary>
    async Task Decide(NpgsqlConnection elected, CancellationToken cancellationToken)
    {
        await using (var listen = new NpgsqlCommand("listen seat_requests", elected))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }
        var batches = new DecisionBatch(source, published);
        while (true)
        {
            foreach (var period in await Waiting(elected, cancellationToken))
            {
                while (await batches.Decide(period, time.GetUtcNow(), cancellationToken) > 0)
                {
                }
            }
            await elected.WaitAsync(Pause, cancellationToken);
        }
    }

    /// <summary>The periods whose next request is there.</summary>
    static async Task<List<string>> Waiting(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """select h.period from seat_heads h join seat_requests r on r.period = h.period and r."order" = h.next_order""", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var periods = new List<string>();
        while (await rows.ReadAsync(cancellationToken))
        {
            periods.Add(rows.GetString(0));
        }
        return periods;
    }
}
