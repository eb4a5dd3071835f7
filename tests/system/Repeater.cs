using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>Hears every message on the bus and sends it once more under the same id, as a broker may after a lost acknowledgement.</summary>
sealed class Repeater : IAsyncDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly BusProbe probe;
    readonly Task work;
    readonly HashSet<Guid> repeated = [];

    Repeater(BusProbe probe)
    {
        this.probe = probe;
        work = Repeat();
    }

    public int Repeated => repeated.Count;

    public static async Task<Repeater> StartAsync(string bus) => new(await BusProbe.Start(bus));

    async Task Repeat()
    {
        for (var next = 0; !stop.IsCancellationRequested; await Task.Delay(20))
        {
            foreach (var (id, message) in probe.Everything.Skip(next).ToList())
            {
                next++;
                if (repeated.Add(id))
                {
                    await probe.Publish(message, id);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        await probe.DisposeAsync();
        stop.Dispose();
    }
}
