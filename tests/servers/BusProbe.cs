using System.Collections.Concurrent;
using System.Reflection;
using EPimorfosi.Contracts;
using EPimorfosi.Defaults;
using MassTransit;

namespace EPimorfosi.Tests.Servers;

/// <summary>An outsider on the real bus: hears every message of the contracts, and sends any.</summary>
public sealed class BusProbe : IAsyncDisposable
{
    readonly IBusControl bus;
    readonly ConcurrentQueue<(Guid Id, object Message)> heard = new();

    BusProbe(string address) => bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(new Uri(address));
        rabbit.ConfigureJsonSerializerOptions(Outbox.Configure);
        rabbit.ReceiveEndpoint(endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 1; // heard in the order of the queue, however long a message takes to read
            foreach (var message in typeof(ConsumedByAttribute).Assembly.GetExportedTypes().Where(type => type.GetCustomAttribute<ConsumedByAttribute>() is not null))
            {
                typeof(BusProbe).GetMethod(nameof(Listen), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(message).Invoke(this, [endpoint]);
            }
        });
    });

    /// <summary>All that was heard, with ids, in order of arrival.</summary>
    public IReadOnlyCollection<(Guid Id, object Message)> Everything => heard;

    /// <summary>All messages of a kind heard so far, in order of arrival.</summary>
    public IReadOnlyList<T> Heard<T>() => [.. heard.Select(entry => entry.Message).OfType<T>()];

    /// <summary>Ids of all messages of a kind, repeats included.</summary>
    public IReadOnlyList<Guid> Ids<T>() => [.. heard.Where(entry => entry.Message is T).Select(entry => entry.Id)];

    public static async Task<BusProbe> Start(string address)
    {
        var probe = new BusProbe(address);
        await probe.bus.StartAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        return probe;
    }

    /// <summary>Sends a message; give an id to send the same message twice. A broker that takes none fails the test and does not hang it.</summary>
    public Task Publish(object message, Guid? id = null) =>
        bus.Publish(message, message.GetType(), context => context.MessageId = id ?? NewId.NextGuid()).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Waits until a message has been heard; fails after the limit.</summary>
    public async Task<T> Next<T>(Func<T, bool>? match = null, int seconds = 20)
    {
        T? found = default;
        await Until.True(() => (found = Heard<T>().FirstOrDefault(message => match?.Invoke(message) ?? true)) is not null, $"a {typeof(T).Name}", seconds);
        return found!;
    }

    void Listen<T>(IReceiveEndpointConfigurator endpoint) where T : class => endpoint.Handler<T>(context =>
    {
        heard.Enqueue((context.MessageId!.Value, context.Message));
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync() => await bus.StopAsync(TimeSpan.FromSeconds(10));
}

/// <summary>Waiting on a condition, with a limit.</summary>
public static class Until
{
    public static Task True(Func<bool> condition, string what, int seconds = 20) => True(() => Task.FromResult(condition()), what, seconds);

    public static async Task True(Func<Task<bool>> condition, string what, int seconds = 20)
    {
        var limit = DateTime.UtcNow.AddSeconds(seconds);
        while (!await condition())
        {
            if (DateTime.UtcNow > limit)
            {
                throw new TimeoutException($"Waited {seconds} s in vain for {what}.");
            }
            await Task.Delay(20);
        }
    }
}
