using System.Text.Json;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>A period that somebody looks at: its seats in memory, and who waits to hear of a change.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A semaphore that is only waited for holds nothing to be disposed of.")]
public sealed class LivePeriod(string code, JsonSerializerOptions json)
{
    /// <summary>So many editions can a reader come back from without being told all.</summary>
    const int MostEditions = 256;

    readonly SemaphoreSlim reading = new(1);
    readonly Queue<(string Edition, long Revision)> editions = new();
    volatile LiveSnapshot? now;
    TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Code => code;

    /// <summary>Null until it was read, and while no results are public.</summary>
    public LiveSnapshot? Now => now;

    /// <summary>Ends at the next change, or the next beat of the heart.</summary>
    public Task Woken => Volatile.Read(ref wake).Task;

    /// <summary>Something was decided since it was read.</summary>
    public bool Stale { get; set; }

    public int Streams { get; set; }

    /// <summary>In milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long ReadAt { get; set; }

    public void Wake() => Interlocked.Exchange(ref wake, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Where a reader stands who was told of an edition; 0 if it is not known any more.</summary>
    public long RevisionOf(string? edition)
    {
        lock (editions)
        {
            return edition is null ? 0 : editions.FirstOrDefault(known => known.Edition == edition).Revision;
        }
    }

    /// <summary>One reads at a time, so that no older state takes the place of a newer.</summary>
    public async Task Read(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            Stale = false; // before the read: a notice that comes meanwhile counts
            var before = now;
            now = await LiveRows.Read(connection, code, before, json, cancellationToken);
            if (now is { } read && !ReferenceEquals(read, before))
            {
                Remember(read);
                if (read.Revision != before?.Revision)
                {
                    Wake();
                }
            }
        }
        finally
        {
            reading.Release();
        }
    }

    void Remember(LiveSnapshot read)
    {
        lock (editions)
        {
            editions.Enqueue((read.Edition.ToString(), read.Revision));
            if (editions.Count > MostEditions)
            {
                editions.Dequeue();
            }
        }
    }
}
