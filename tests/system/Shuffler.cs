using System.Reflection;
using System.Text.Json;
using EPimorfosi.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace EPimorfosi.System.Tests;

/// <summary>
/// Stands on the bus between each message's exchange and each of its consumers' queues: holds messages back, and sends each of them twice, in random order.
/// </summary>
sealed class Shuffler : IAsyncDisposable
{
    static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(250);
    readonly Random random = new(4);
    readonly List<(string Queue, BasicProperties Properties, byte[] Body)> held = [];
    readonly CancellationTokenSource stop = new();
    readonly IConnection connection;
    readonly IChannel channel;
    Task work = Task.CompletedTask;

    Shuffler(IConnection connection, IChannel channel) => (this.connection, this.channel) = (connection, channel);

    /// <summary>Messages that were sent, each twice.</summary>
    public int Shuffled { get; private set; }

    static IEnumerable<(string Exchange, string Queue)> Ways => typeof(ConsumedByAttribute).Assembly.GetExportedTypes()
        .SelectMany(message => message.GetCustomAttribute<ConsumedByAttribute>()?.Services
            .Select(service => ($"{message.Namespace}:{message.Name}", $"{service}.{JsonNamingPolicy.KebabCaseLower.ConvertName(message.Name)}")) ?? []);

    public static async Task<Shuffler> StartAsync(string bus)
    {
        var connection = await new ConnectionFactory { Uri = new(bus) }.CreateConnectionAsync();
        var shuffler = new Shuffler(connection, await connection.CreateChannelAsync());
        foreach (var (exchange, queue) in Ways)
        {
            await shuffler.Divert(exchange, queue);
        }
        shuffler.work = shuffler.Send();
        return shuffler;
    }

    async Task Divert(string exchange, string queue)
    {
        var mine = await channel.QueueDeclareAsync($"shuffler.{queue}", durable: false, exclusive: true, autoDelete: true);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            lock (held)
            {
                held.Add((queue, new(delivery.BasicProperties), delivery.Body.ToArray()));
            }
            return Task.CompletedTask;
        };
        await channel.QueueBindAsync(mine.QueueName, exchange, "");
        await channel.BasicConsumeAsync(mine.QueueName, autoAck: true, consumer);
        await channel.ExchangeUnbindAsync(queue, exchange, "");
    }

    async Task Send()
    {
        List<(string Queue, BasicProperties Properties, byte[] Body)> again = [];
        while (true)
        {
            await Task.Delay(Hold, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            List<(string Queue, BasicProperties Properties, byte[] Body)> fresh;
            lock (held)
            {
                fresh = [.. held];
                held.Clear();
            }
            Shuffled += fresh.Count;
            // Half of the repeats come with a later batch.
            var later = fresh.Where(_ => random.Next(2) == 0).ToHashSet();
            var batch = fresh.Concat(fresh.Where(message => !later.Contains(message))).Concat(again).ToArray();
            again = [.. later];
            random.Shuffle(batch);
            foreach (var (queue, properties, body) in batch)
            {
                await channel.BasicPublishAsync(queue, "", mandatory: true, properties, body);
            }
            if (stop.IsCancellationRequested && batch.Length == 0)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (exchange, queue) in Ways)
        {
            await channel.ExchangeBindAsync(queue, exchange, "");
            await channel.QueueUnbindAsync($"shuffler.{queue}", exchange, "");
        }
        await stop.CancelAsync();
        await work;
        await channel.DisposeAsync();
        await connection.DisposeAsync();
        stop.Dispose();
    }
}
