using MassTransit;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EPimorfosi.Defaults;

/// <summary>
/// Makes the queues before the bus starts, one process at a time. Two that declare one quorum queue at once can both be told that it is there
/// before it can be consumed from; the consumer that is then refused takes its channel with it. Until the broker answers the bus waits, and
/// nothing else does.
/// </summary>
sealed class QueueDeclaration(Uri broker, IReadOnlyCollection<string> queues, ILogger<QueueDeclaration> log) : IBusObserver
{
    /// <summary>Exclusive to the connection that has it, so it is a lock that a dead process gives back.</summary>
    const string Turn = "epimorfosi.declaration";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(1);

    public async Task PreStart(IBus bus)
    {
        while (true)
        {
            try
            {
                await Declare();
                return;
            }
            catch (OperationInterruptedException fault) when (fault.ShutdownReason?.ReplyCode == 405) // another has the turn
            {
                await Task.Delay(Pause);
            }
            catch (Exception fault) when (fault is RabbitMQClientException or IOException or TimeoutException)
            {
                log.LogWarning("RabbitMQ does not answer yet: {Reason}", fault.Message);
                await Task.Delay(Patience);
            }
        }
    }

    async Task Declare()
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Turn, durable: false, exclusive: true, autoDelete: true);
        foreach (var queue in queues)
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        }
    }

    public void PostCreate(IBus bus)
    {
    }

    public void CreateFaulted(Exception exception)
    {
    }

    public Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;

    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    public Task PreStop(IBus bus) => Task.CompletedTask;

    public Task PostStop(IBus bus) => Task.CompletedTask;

    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
}
