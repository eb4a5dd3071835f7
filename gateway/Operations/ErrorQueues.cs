using System.Text;
using EPimorfosi.Defaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace EPimorfosi.Gateway.Operations;

/// <summary>What waits in the services' queues, and the way back for what a consumer could not take in.</summary>
sealed class ErrorQueues(IConfiguration configuration, ILogger<ErrorQueues> log)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>All queues with a backlog of either kind first; null while RabbitMQ does not answer.</summary>
    public async Task<IReadOnlyList<QueueState>?> Look(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Connect(cancellationToken);
            var states = new List<QueueState>();
            foreach (var queue in Queues.All)
            {
                var (waiting, consumers) = await Count(connection, queue, cancellationToken);
                var (failed, _) = await Count(connection, queue + Queues.ErrorEnding, cancellationToken);
                states.Add(new(queue, waiting, consumers, failed));
            }
            return [.. states.OrderByDescending(state => state.Failed).ThenByDescending(state => state.Waiting).ThenBy(state => state.Name, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (IsAway(fault) && !cancellationToken.IsCancellationRequested)
        {
            log.LogWarning("The queues could not be looked at: {Reason}", fault.Message);
            return null;
        }
    }

    /// <summary>
    /// Sends what is in a queue's error queue to that queue again, under the same ids: what was taken in after all is dropped by the inbox. Each message leaves the error queue only
    /// after the broker confirmed that it is in the other. Messages that fail meanwhile are left for the next time.
    /// </summary>
    /// <returns>Each message with its fault; null while RabbitMQ does not answer.</returns>
    public async Task<IReadOnlyList<Redelivered>?> Redeliver(string queue, CancellationToken cancellationToken)
    {
        if (!Queues.All.Contains(queue))
        {
            throw new ArgumentException($"{queue} is no queue of ours.", nameof(queue));
        }
        var sent = new List<Redelivered>();
        try
        {
            await using var connection = await Connect(cancellationToken);
            var (waiting, _) = await Count(connection, queue + Queues.ErrorEnding, cancellationToken);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
            while (sent.Count < waiting && await channel.BasicGetAsync(queue + Queues.ErrorEnding, autoAck: false, cancellationToken) is { } message)
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(message.BasicProperties) { DeliveryMode = DeliveryModes.Persistent }, message.Body, cancellationToken);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                sent.Add(new(message.BasicProperties.MessageId ?? "", Header(message, "MT-Fault-ExceptionType"), Header(message, "MT-Fault-Message")));
            }
            return sent;
        }
        catch (Exception fault) when (IsAway(fault) && !cancellationToken.IsCancellationRequested)
        {
            log.LogWarning("{Queue}: {Sent} messages were sent again, then: {Reason}", queue, sent.Count, fault.Message);
            return sent.Count > 0 ? sent : null;
        }
    }

    Task<IConnection> Connect(CancellationToken cancellationToken) => new ConnectionFactory
    {
        Uri = new(configuration.GetConnectionString("Bus")!),
        RequestedConnectionTimeout = Patience,
        ContinuationTimeout = Patience,
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(cancellationToken);

    /// <summary>0 for a queue that has never been needed. To ask for one that is not there costs the channel.</summary>
    static async Task<(uint Messages, uint Consumers)> Count(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            var known = await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return (known.MessageCount, known.ConsumerCount);
        }
        catch (OperationInterruptedException fault) when (fault.ShutdownReason?.ReplyCode == 404)
        {
            return (0, 0);
        }
    }

    static bool IsAway(Exception fault) => fault is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException;

    static string? Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out var value) == true ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString() : null;
}

/// <param name="Consumers">Processes that take from it.</param>
/// <param name="Failed">In its error queue.</param>
sealed record QueueState(string Name, long Waiting, long Consumers, long Failed)
{
    public string Service => Name[..Name.IndexOf('.', StringComparison.Ordinal)];
}

/// <param name="Fault">Why it could not be taken in.</param>
sealed record Redelivered(string MessageId, string? Kind, string? Fault);
