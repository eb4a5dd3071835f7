using System.Diagnostics;
using System.Threading.Channels;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>How a request ended that was handed to the writer.</summary>
/// <param name="Stored">Null unless it is in the order.</param>
/// <param name="ClosedAt">The writer's clock, if the phase was over by it.</param>
/// <param name="Judgement">Of a claim.</param>
sealed record Accepted(StoredRequest? Stored, DateTimeOffset? ClosedAt = null, Judgement? Judgement = null);

/// <summary>
/// Group commit: requests wait in a bounded channel for one writer, which takes as many as have gathered, looks up and judges the claims among them in one round trip, stores
/// all that are sound in one statement, and answers each after the commit. The order of commits is the order of claims (R23), and the disk's time is shared.
/// </summary>
sealed class ClaimWriter(IntakeDatabase database, Claimants claimants, TimeProvider time, IConfiguration configuration, ILogger<ClaimWriter> log) : BackgroundService
{
    internal const int Capacity = 5000;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>From one batch to the next: who comes alone is taken at once, and of a crowd all who came meanwhile share all that follows.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    readonly int most = configuration.GetValue("Claims:Batch", 500);

    sealed record Waiting(string Period, Caller By, string Key, string? Traceparent)
    {
        /// <summary>Null for a claim until it is judged.</summary>
        public NewRequest? Request { get; set; }

        /// <summary>Null for what is no claim.</summary>
        public ClaimRequest? Claim { get; init; }
        public Judgement? Judgement { get; set; }

        /// <summary>The phase that must be open when the number is given; null for none.</summary>
        public Phase? Window { get; set; }
        public Accepted? Answer { get; set; }
        public Exception? Fault { get; set; }

        /// <summary>Who waits goes on where it is set: see <see cref="Tell"/>.</summary>
        public TaskCompletionSource<Accepted> Done { get; } = new();

        public (string RegistryNumber, string Key) Identity => (By.RegistryNumber, Key);
    }

    readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>A claim, to be judged and stored.</summary>
    /// <returns>Null if the queue is full: nothing was taken.</returns>
    public Task<Accepted>? TryClaim(string period, ClaimRequest claim, Caller by, string key) => Enqueue(new(period, by, key, Activity.Current?.Id) { Claim = claim });

    /// <summary>A request that needs no judging any more.</summary>
    /// <param name="window">The phase that must be open when the number is given; null for none.</param>
    /// <returns>Null if the queue is full: nothing was taken.</returns>
    public Task<Accepted>? TryAccept(string period, Phase? window, NewRequest request) => Enqueue(new(period, request.By, request.Key, Activity.Current?.Id) { Request = request, Window = window });

    Task<Accepted>? Enqueue(Waiting waiting) => queue.Writer.TryWrite(waiting) ? waiting.Done.Task : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = 0L;
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            if (Pace - Stopwatch.GetElapsedTime(last) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, stoppingToken);
            }
            last = Stopwatch.GetTimestamp();
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
        for (var again = false; ; again = true)
        {
            try
            {
                await using var connection = await database.Open();
                if (again)
                {
                    await AnswerKnown(connection, period, batch);
                }
                await Judge(connection, period, batch);
                await Store(connection, period, batch);
                return;
            }
            catch (NpgsqlException fault) when (fault.IsTransient && watch.Elapsed < Patience)
            {
                log.LogWarning("Claims wait for the database: {Reason}", fault.Message);
                Fail(batch, IsUntried, fault);
                if (batch.Count == 0)
                {
                    return;
                }
                await Task.Delay(100);
            }
            catch (Exception fault) // the requests must have their answer, and the next batch its turn
            {
                log.LogError(fault, "A batch of {Count} claims was not stored.", batch.Count);
                Fail(batch, IsUntried, fault);
                Fail(batch, _ => true, new InvalidOperationException("The claim could not be stored.", fault));
                return;
            }
        }
    }

    /// <summary>Looks up who claims; the refused have their answer and leave the batch. What was judged once is not judged again: it may be stored already.</summary>
    async Task Judge(NpgsqlConnection connection, string period, List<Waiting> batch)
    {
        var unjudged = batch.FindAll(waiting => waiting.Request is null);
        if (unjudged.Count == 0)
        {
            return;
        }
        var found = await claimants.Of(connection, period, [.. unjudged.Select(waiting => waiting.By.RegistryNumber).Distinct()]);
        var now = time.Now();
        foreach (var waiting in unjudged)
        {
            var judgement = Judgement.Of(found?[waiting.By.RegistryNumber], waiting.Claim!, now);
            if (judgement.Verdict == Verdict.Sound)
            {
                (waiting.Judgement, waiting.Window) = (judgement, judgement.Window);
                waiting.Request = new(SeatRequestKind.Claim, waiting.By.RegistryNumber, judgement.Claimant!.Ticket, waiting.Claim!.List, waiting.Key, waiting.By);
            }
            else
            {
                waiting.Answer = new(null, Judgement: judgement);
            }
        }
        Tell(batch);
    }

    async Task Store(NpgsqlConnection connection, string period, List<Waiting> batch)
    {
        while (batch.Count > 0)
        {
            var now = time.Now();
            foreach (var late in batch.Where(waiting => waiting.Window?.IsOpen(now) == false))
            {
                late.Answer = new(null, now, late.Judgement is { } judgement ? judgement with { Verdict = Verdict.Outside, At = now } : null);
            }
            Tell(batch);
            var fresh = batch.DistinctBy(waiting => waiting.Identity).ToList(); // a key twice in one batch is one request
            if (fresh.Count == 0)
            {
                return;
            }
            try
            {
                var stored = await Store(connection, period, fresh, now);
                Answer(batch, fresh.Zip(stored).ToDictionary(pair => pair.First.Identity, pair => pair.Second));
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                await AnswerKnown(connection, period, batch); // repeats are rare, so they are looked for only now; the others are tried again
            }
        }
    }

    static async Task<List<StoredRequest>> Store(NpgsqlConnection connection, string period, List<Waiting> fresh, DateTimeOffset now)
    {
        var requests = fresh.ConvertAll(waiting => waiting.Request!);
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

    /// <summary>Those that were stored before get the first answer.</summary>
    static async Task AnswerKnown(NpgsqlConnection connection, string period, List<Waiting> batch) =>
        Answer(batch, await SeatRequests.Known(connection, period, batch.Select(waiting => waiting.Identity).Distinct(), CancellationToken.None));

    static void Answer(List<Waiting> batch, Dictionary<(string, string), StoredRequest> stored)
    {
        foreach (var waiting in batch)
        {
            if (stored.TryGetValue(waiting.Identity, out var place))
            {
                waiting.Answer = new(place, Judgement: waiting.Judgement);
            }
        }
        Tell(batch);
    }

    /// <summary>Nothing of it was stored for sure: it may come again at once.</summary>
    static bool IsUntried(Waiting waiting) => waiting.Request is null;

    static void Fail(List<Waiting> batch, Predicate<Waiting> which, Exception fault)
    {
        batch.FindAll(which).ForEach(waiting => waiting.Fault = fault);
        Tell(batch);
    }

    /// <summary>
    /// Those that have their answer leave the batch and go on, a share of them on each processor one after the other: woken each by itself, a hundred at once
    /// cost more than what they have left to do.
    /// </summary>
    static void Tell(List<Waiting> batch)
    {
        var told = batch.FindAll(waiting => waiting.Answer is not null || waiting.Fault is not null);
        if (told.Count == 0)
        {
            return;
        }
        batch.RemoveAll(waiting => waiting.Answer is not null || waiting.Fault is not null);
        foreach (var share in told.Chunk((told.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static share => Array.ForEach(share, Wake), share, preferLocal: false);
        }
    }

    static void Wake(Waiting waiting)
    {
        if (waiting.Fault is { } fault)
        {
            waiting.Done.TrySetException(fault);
        }
        else
        {
            waiting.Done.TrySetResult(waiting.Answer!);
        }
    }
}
