using System.Diagnostics;
using Npgsql;

namespace EPimorfosi.Notifications.Sending;

/// <summary>
/// Marks what was sent while the next is being sent. Never more than <paramref name="limit"/> messages, with the one being sent, are
/// without a committed mark: so many, at most, go out twice if the process dies.
/// </summary>
public sealed class Marks(DueMessages due, int limit)
{
    static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(300);

    /// <summary>So that a fast mail server costs one commit for some mails and not one for each.</summary>
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    const int Tries = 200;

    List<SentMessage> waiting = [];
    int writingCount;
    Task writing = Task.CompletedTask;
    long began;

    public async Task Add(SentMessage sent)
    {
        waiting.Add(sent);
        if (waiting.Count + writingCount >= limit || (writing.IsCompleted && Stopwatch.GetElapsedTime(began) >= Gather))
        {
            await Next();
        }
        if (writingCount >= limit)
        {
            await writing;
        }
    }

    public async Task Flush()
    {
        await Next();
        await writing;
    }

    async Task Next()
    {
        await writing;
        (var batch, waiting) = (waiting, []);
        writingCount = batch.Count;
        began = Stopwatch.GetTimestamp();
        writing = Write(batch);
    }

    /// <summary>While the database restarts, this waits: what was sent must not be forgotten.</summary>
    async Task Write(List<SentMessage> batch)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await due.MarkSent(batch, CancellationToken.None);
                writingCount = 0;
                return;
            }
            catch (NpgsqlException) when (tries < Tries)
            {
                await Task.Delay(TryAgain);
            }
        }
    }
}
