using System.Collections.Concurrent;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Allocation's answer to one request.</summary>
public record RequestOutcome(string Outcome, string? Programme, string? Rule, DateTimeOffset DecidedAt);

/// <summary>
/// Wakes who waits for a decision (<c>Prefer: wait</c>), on whichever replica the message arrived: its transaction notifies, and one query reads the
/// answers of all who wait.
/// </summary>
sealed class DecisionWatch(IntakeDatabase database, ILogger<DecisionWatch> log) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    sealed record Waiting(string Period, long Order)
    {
        public TaskCompletionSource<RequestOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    readonly ConcurrentDictionary<Guid, Waiting> waiting = [];

    /// <summary>The answer to the request of this order; null if it didn't come within the limit.</summary>
    public async Task<RequestOutcome?> Wait(string period, long order, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (id, mine) = (Guid.NewGuid(), new Waiting(period, order));
        waiting[id] = mine;
        try
        {
            return await mine.Done.Task.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Open(stoppingToken);
                await connection.Execute("listen decisions", stoppingToken);
                while (true)
                {
                    await connection.WaitAsync(Poll, stoppingToken); // the poll is a net: a decision may come before its claim begins to wait
                    await Answer(connection, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException fault)
            {
                log.LogWarning("Decisions are not heard: {Reason}", fault.Message);
                await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task Answer(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var asked = waiting.Values.ToArray();
        if (asked.Length == 0)
        {
            return;
        }
        var answers = (await connection.Rows("""
            select asked.period, asked."order", decided.* from unnest($1::text[], $2::bigint[]) as asked (period, "order"), lateral (
                select event, programme, rule, decided_at from decisions where period = asked.period and "order" = asked."order" limit 1) as decided
            """, row => (Key: (row.GetString(0), row.GetInt64(1)), Outcome: new RequestOutcome(row.GetString(2), row.Text(3), row.Text(4), row.Time(5))),
            cancellationToken, asked.Select(one => one.Period).ToArray(), asked.Select(one => one.Order).ToArray()))
            .DistinctBy(answer => answer.Key).ToDictionary(answer => answer.Key, answer => answer.Outcome);
        foreach (var one in asked)
        {
            if (answers.TryGetValue((one.Period, one.Order), out var outcome))
            {
                one.Done.TrySetResult(outcome);
            }
        }
    }
}
