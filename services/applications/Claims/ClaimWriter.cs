using System.Diagnostics;
using System.Threading.Channels;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>How a request ended that was handed to the writer.</summary>
/// <param name="Stored">Null unless it is in the order.</param>
/// <param name="ClosedAt">The writer's clock, if the phase was over by it.</param>
sealed record Accepted(StoredRequest? Stored, DateTimeOffset? ClosedAt = null);

/// <summary>
/// Group commit: requests wait in a bounded channel for one writer, which stores as many as have gathered in one statement and answers each after
/// the commit. The order of commits is the order of claims (R23), and the disk's time is shared.
/// </summary>
sealed class ClaimWriter(IntakeDatabase database, Claimants claimants, TimeProvider time, IConfiguration configuration, ILogger<ClaimWriter> log) : BackgroundService
{
    internal const int Capacity = 5000;
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(5);
    readonly int most = configuration.GetValue("Claims:Batch", 500);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    sealed record Waiting(string Period, Phase? Window, NewRequest Request, string? Traceparent, TaskCompletionSource<Accepted> Done)
    {
        public (string RegistryNumber, string Key) Key => (Request.RegistryNumber, Request.Key);
    }

    readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <param name="window">The phase that must be open when the number is given; null for none.</param>
    /// <returns>Null if the queue is full: nothing was taken.</returns>
    public Task<Accepted>? TryAccept(string period, Phase? window, NewRequest request)
    {
        var waiting = new Waiting(period, window, request, Activity.Current?.Id, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return queue.Writer.TryWrite(waiting) ? waiting.Done.Task : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            for (var watch = Stopwatch.StartNew(); claimants.Judging > 0 && watch.Elapsed < Longest;)
            {
                await Task.Delay(Moment, stoppingToken); // they are on their way here: one commit for all of them and not one for each handful
            }
            var batch = new List<Waiting>(most);
            while (batch.Count < most && queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }
            foreach (var period in batch.GroupBy(waiting => waiting.Period))
            {
                await Write(period.Key, [.. period]);
            }
        }
    }

    /// <summary>Tries until it is known what became of the batch: after a lost connection the keys tell what had been stored.</summary>
    async Task Write(string period, List<Waiting> batch)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = await database.Open();
                await Store(connection, period, batch);
                return;
            }
            catch (NpgsqlException fault) when (fault.IsTransient && watch.Elapsed < Patience)
            {
                log.LogWarning("Claims wait for the database: {Reason}", fault.Message);
                await Task.Delay(100);
            }
            catch (Exception fault) // the requests must have their answer, and the next batch its turn
            {
                log.LogError(fault, "A batch of {Count} claims was not stored.", batch.Count);
                batch.ForEach(waiting => waiting.Done.TrySetException(new InvalidOperationException("The claim could not be stored.", fault)));
                return;
            }
        }
    }

    async Task Store(NpgsqlConnection connection, string period, List<Waiting> batch)
    {
        while (true)
        {
            var now = time.Now();
            foreach (var late in batch.Where(waiting => waiting.Window?.IsOpen(now) == false))
            {
                late.Done.TrySetResult(new(null, now));
            }
            batch.RemoveAll(waiting => waiting.Done.Task.IsCompleted);
            var fresh = batch.DistinctBy(waiting => waiting.Key).ToList(); // a key twice in one batch is one request
            if (fresh.Count == 0)
            {
                return;
            }
            try
            {
                var stored = await Store(connection, period, fresh, now);
                Answer(batch, fresh.Zip(stored).ToDictionary(pair => pair.First.Key, pair => pair.Second));
                return;
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Repeats are rare, so they are looked for only now; they get the first answer, the others are tried again.
                Answer(batch, await SeatRequests.Known(connection, period, batch.Select(waiting => waiting.Key).Distinct(), CancellationToken.None));
            }
        }
    }

    static async Task<List<StoredRequest>> Store(NpgsqlConnection connection, string period, List<Waiting> fresh, DateTimeOffset now)
    {
        var requests = fresh.ConvertAll(waiting => waiting.Request);
        // The message carries one trace; of those that share it, one that is recorded.
        var traceparent = (fresh.Find(waiting => waiting.Traceparent?.EndsWith("-01", StringComparison.Ordinal) == true) ?? fresh[0]).Traceparent;
        if (requests.TrueForAll(request => request.Ticket is not null))
        {
            return await SeatRequests.Store(connection, period, requests, now, traceparent, CancellationToken.None); // one statement is its own transaction
        }
        await using var transaction = await connection.BeginTransactionAsync();
        var stored = await SeatRequests.Store(connection, period, await NewTickets.Give(connection, period, requests, now, CancellationToken.None), now, traceparent, CancellationToken.None);
        await transaction.CommitAsync();
        return stored;
    }

    static void Answer(List<Waiting> batch, Dictionary<(string, string), StoredRequest> stored)
    {
        foreach (var waiting in batch)
        {
            if (stored.TryGetValue(waiting.Key, out var place))
            {
                waiting.Done.TrySetResult(new(place));
            }
        }
    }
}
