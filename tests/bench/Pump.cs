using System.Diagnostics;
using EPimorfosi.Load;

namespace EPimorfosi.Bench;

/// <summary>Answers of one slice of a measurement.</summary>
/// <param name="Took">Of the good ones, sorted.</param>
public sealed record Slice(long Good, long Bad, TimeSpan Elapsed, TimeSpan[] Took)
{
    public double Rate => Good / Elapsed.TotalSeconds;

    public TimeSpan At(double share) => Took.Length == 0 ? TimeSpan.Zero : Took[Math.Min(Took.Length - 1, (int)(Took.Length * share))];
}

/// <summary>Sends prepared requests over its own connections: as many as go, or so many a second.</summary>
public sealed class Pump(Uri server, int connections) : IDisposable
{
    readonly Wire[] wires = [.. Enumerable.Range(0, connections).Select(_ => new Wire(server))];

    /// <summary>Each connection asks again as soon as it is answered.</summary>
    /// <param name="next">The next request, from any thread.</param>
    /// <param name="judge">Whether the answer to it is good.</param>
    public async Task<Slice> Flat(TimeSpan time, Func<int> next, Func<int, ReadOnlyMemory<byte>> request, Func<int, WireAnswer, bool> judge)
    {
        var watch = Stopwatch.StartNew();
        return Sum(await Task.WhenAll(wires.Select(wire => Task.Run(async () =>
        {
            var (took, bad) = (new List<TimeSpan>(), 0L);
            while (watch.Elapsed < time)
            {
                bad += await Once(wire, next(), request, judge, took) ? 0 : 1;
            }
            return (took, bad);
        }))), watch.Elapsed);
    }

    /// <summary>So many requests, each once.</summary>
    public Task Each(int count, Func<int> next, Func<int, ReadOnlyMemory<byte>> request, Func<int, WireAnswer, bool> judge) =>
        Task.WhenAll(wires.Select(wire => Task.Run(async () =>
        {
            for (var which = next(); which < count; which = next())
            {
                await Once(wire, which, request, judge, []);
            }
        })));

    /// <summary>One every so often, whether or not the last is answered; a connection that is still busy when all are is waited for, and its time counts.</summary>
    public async Task<Slice> Paced(TimeSpan time, double perSecond, Func<int> next, Func<int, ReadOnlyMemory<byte>> request, Func<int, WireAnswer, bool> judge)
    {
        var idle = new Stack<Wire>(wires);
        var free = new SemaphoreSlim(wires.Length);
        var (took, bad, running, watch) = (new List<TimeSpan>(), 0L, new List<Task>(), Stopwatch.StartNew());
        for (var sent = 0L; sent < perSecond * time.TotalSeconds; sent++)
        {
            while (watch.Elapsed.TotalSeconds < sent / perSecond)
            {
                await Task.Delay(1);
            }
            await free.WaitAsync();
            running.Add(Task.Run(async () =>
            {
                Wire wire;
                lock (idle)
                {
                    wire = idle.Pop();
                }
                var mine = new List<TimeSpan>(1);
                var good = await Once(wire, next(), request, judge, mine);
                lock (idle)
                {
                    idle.Push(wire);
                    took.AddRange(mine);
                    bad += good ? 0 : 1;
                }
                free.Release();
            }));
        }
        await Task.WhenAll(running);
        return Sum([(took, bad)], watch.Elapsed);
    }

    static async ValueTask<bool> Once(Wire wire, int which, Func<int, ReadOnlyMemory<byte>> request, Func<int, WireAnswer, bool> judge, List<TimeSpan> took)
    {
        var asked = Stopwatch.GetTimestamp();
        var answer = await wire.Ask(request(which));
        var elapsed = Stopwatch.GetElapsedTime(asked);
        if (!judge(which, answer))
        {
            return false;
        }
        took.Add(elapsed);
        return true;
    }

    static Slice Sum(IReadOnlyCollection<(List<TimeSpan> Took, long Bad)> parts, TimeSpan elapsed)
    {
        TimeSpan[] all = [.. parts.SelectMany(part => part.Took)];
        Array.Sort(all);
        return new(all.Length, parts.Sum(part => part.Bad), elapsed, all);
    }

    public void Dispose() => Array.ForEach(wires, wire => wire.Dispose());
}
