using System.Diagnostics;
using System.Threading.Channels;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>All that decides whether somebody may claim, as this service knows it.</summary>
/// <param name="BelowMinimum">Programmes that came to phase B; null while the results are not public.</param>
/// <param name="Who">Null for a teacher not known here.</param>
/// <param name="Ticket">Null for who has not yet come forward.</param>
/// <param name="Seat">The seat held now; null for none.</param>
/// <param name="Members">Members of that programme.</param>
/// <param name="Rescued">R27: the rescue was set off, and no claim comes after it, even if the calendar is moved.</param>
sealed record Claimant(Catalogue Catalogue, string[]? BelowMinimum, Candidate? Who, string? Ticket, string? Seat, long Members, bool Rescued)
{
    /// <summary>Phase B as it is open for them: it may open later for their cluster or prefecture.</summary>
    public Phase PhaseB(ClaimRequest request) => Who is null ? Catalogue.Period.PhaseB
        : StaggeredOpening.Of(Catalogue.Period, Eligibility.ClusterOf(Who, request.Cluster, request.List, Catalogue.Programmes), Who.Nomoi);

    /// <summary>R21: who sits in a programme that will run must give the seat up before claiming another.</summary>
    public bool MustReleaseFirst => Seat is not null && Catalogue.Programmes.TryGetValue(Seat, out var programme) && Members >= programme.Minimum;
}

/// <summary>Looks claimants up, all who come while one look is under way in the next: claims share their reads as they share their commit.</summary>
sealed class Claimants(IntakeDatabase database, Catalogues catalogues, ILogger<Claimants> log) : BackgroundService
{
    const int Most = 500;

    /// <summary>From one look to the next: who comes alone is looked up at once, and of a crowd all who came meanwhile share all that follows.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    sealed record Asking(string Period, string RegistryNumber, TaskCompletionSource<Claimant?> Done);

    readonly Channel<Asking> queue = Channel.CreateBounded<Asking>(new BoundedChannelOptions(ClaimWriter.Capacity) { SingleReader = true });

    int judging;

    /// <summary>How many were found just now and are not judged yet: the writer waits for them, so that those who were read together are stored together.</summary>
    public int Judging => Volatile.Read(ref judging);

    /// <summary>Said once of each who was found: they are refused, or the writer has them the next moment.</summary>
    public void Judged() => Interlocked.Decrement(ref judging);

    /// <returns>Null if too many ask: nothing was taken. Its result is null for a period not known here.</returns>
    public Task<Claimant?>? TryFind(string period, string registryNumber)
    {
        var asking = new Asking(period, registryNumber, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return queue.Writer.TryWrite(asking) ? asking.Done.Task : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = Stopwatch.GetTimestamp();
        while (await queue.Reader.WaitToReadAsync(stoppingToken))
        {
            if (Pace - Stopwatch.GetElapsedTime(last) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, stoppingToken);
            }
            last = Stopwatch.GetTimestamp();
            var batch = new List<Asking>();
            while (batch.Count < Most && queue.Reader.TryRead(out var asking))
            {
                batch.Add(asking);
            }
            foreach (var period in batch.GroupBy(asking => asking.Period))
            {
                await Answer(period.Key, [.. period]);
            }
        }
    }

    async Task Answer(string period, Asking[] asked)
    {
        try
        {
            await using var connection = await database.Open();
            var found = await Read(connection, period, [.. asked.Select(asking => asking.RegistryNumber).Distinct()]);
            Interlocked.Add(ref judging, asked.Length);
            Array.ForEach(asked, asking => asking.Done.TrySetResult(found?[asking.RegistryNumber]));
        }
        catch (Exception fault) // those who asked must have their answer, and the next their turn
        {
            log.LogWarning("{Count} claimants were not looked up: {Reason}", asked.Length, fault.Message);
            Array.ForEach(asked, asking => asking.Done.TrySetException(fault));
        }
    }

    async Task<Dictionary<string, Claimant>?> Read(NpgsqlConnection connection, string period, string[] registryNumbers)
    {
        if (await catalogues.Of(connection, period, CancellationToken.None) is not { } catalogue)
        {
            return null;
        }
        var (belowMinimum, rescued) = (await connection.Rows("""
            select below_minimum, exists (select from seat_requests where period = $1 and registry_number = '' and idempotency_key = $2) from draw_results where period = $1
            """, row => (row.Texts(0), row.GetBoolean(1)), CancellationToken.None, period, RescueEndpoints.Key)).SingleOrDefault();
        var candidates = await Candidates.Of(connection, registryNumbers, CancellationToken.None);
        // Each by its key: of a period that is new the planner knows no rows, and would read all there are.
        return (await connection.Rows("""
            select asked.number, application.ticket, standing.seat, case when standing.seat is null then 0 else (select count(*) from standings where period = $1 and seat = standing.seat) end
            from unnest($2::text[]) as asked (number)
            left join lateral (select ticket from applications where period = $1 and registry_number = asked.number limit 1) application on true
            left join lateral (select seat from standings where period = $1 and ticket = application.ticket limit 1) standing on true
            """, row => (Number: row.GetString(0), Claimant: new Claimant(catalogue, belowMinimum, candidates.GetValueOrDefault(row.GetString(0)), row.Text(1), row.Text(2), row.GetInt64(3), rescued)),
            CancellationToken.None, period, registryNumbers)).ToDictionary(found => found.Number, found => found.Claimant);
    }
}
