using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EPimorfosi.Defaults;

/// <summary>
/// Sends what the outbox holds, in batches with publisher confirms, and deletes what was confirmed. One replica at a time; woken by NOTIFY,
/// with a slow poll as a net. A crash between confirm and delete sends again under the same id, and the inbox drops the repeat.
/// </summary>
sealed class OutboxRelay(NpgsqlDataSource source, IBus bus, IConfiguration configuration, ILogger<OutboxRelay> log) : BackgroundService
{
    readonly int most = configuration.GetValue("Outbox:Batch", 500);

    // Up to so many messages, or 200 kB of them as stored, which is compressed: an import's messages are large, and come out twenty times larger.
    const string Head = $"""
        select {Outbox.Columns} from (
          select *, sum(pg_column_size(body)) over (order by id) - pg_column_size(body) as before
          from (select {Outbox.Columns} from outbox where fault is null order by id limit $1) as oldest) as head
        where before < 200000 order by id
        """;
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    static readonly TimeSpan PublishLimit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var election = await Election.TryEnter(source, "outbox", stoppingToken);
                if (election is not null)
                {
                    await Relay(election.Connection, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) // whatever it was, what is in the outbox must go out
            {
                log.LogWarning("The outbox waits: {Reason}", fault.Message);
            }
            await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Relay(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        // A deletion that a crash of the server takes back is sent again under the same id: nobody waits for the disk to have it.
        await using (var listen = new NpgsqlCommand("set synchronous_commit = off; listen outbox", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }
        while (true)
        {
            if (await RelayBatch(connection, stoppingToken) == 0)
            {
                await connection.WaitAsync(Poll, stoppingToken);
            }
        }
    }

    async Task<int> RelayBatch(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        var rows = new List<OutboxMessage>();
        await using (var select = new NpgsqlCommand(Head, connection) { Parameters = { new() { Value = most } } })
        await using (var reader = await select.ExecuteReaderAsync(stoppingToken))
        {
            while (await reader.ReadAsync(stoppingToken))
            {
                rows.Add(new()
                {
                    Id = reader.GetGuid(0),
                    Type = reader.GetString(1),
                    Body = reader.GetString(2),
                    Traceparent = reader.IsDBNull(3) ? null : reader.GetString(3),
                    CreatedAt = reader.GetFieldValue<DateTimeOffset>(4),
                });
            }
        }
        if (rows.Count == 0)
        {
            return 0;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(PublishLimit);
        // The second limit: what was on its way when the connection broke may never end, cancelled or not.
        var sent = await Task.WhenAll(rows.Select(row => Send(row, limit.Token))).WaitAsync(2 * PublishLimit, stoppingToken);
        await Delete(connection, [.. rows.Zip(sent).Where(pair => pair.Second is Sent.Yes).Select(pair => pair.First.Id)], stoppingToken);
        return sent.Any(outcome => outcome == Sent.NotNow) ? throw new TimeoutException("RabbitMQ did not confirm.") : rows.Count;
    }

    async Task<Sent> Send(OutboxMessage row, CancellationToken cancellationToken)
    {
        await Task.Yield(); // so that one message's span is not the parent of the next
        using var activity = Telemetry.Continue("outbox", row.Traceparent, ActivityKind.Producer);
        try
        {
            var message = Outbox.Message(row.Type, row.Body);
            await bus.Publish(message, message.GetType(), context => context.MessageId = row.Id, cancellationToken);
            return Sent.Yes;
        }
        catch (JsonException fault)
        {
            await SetAside(row.Id, fault.Message, cancellationToken);
            return Sent.Never;
        }
        catch (Exception fault)
        {
            log.LogDebug("Message {Id} was not confirmed: {Reason}", row.Id, fault.Message);
            return Sent.NotNow;
        }
    }

    static async Task Delete(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var delete = new NpgsqlCommand("delete from outbox where id = any($1)", connection) { Parameters = { new() { Value = ids } } };
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    async Task SetAside(Guid id, string reason, CancellationToken cancellationToken)
    {
        log.LogError("Message {Id} can never be sent: {Reason}", id, reason);
        await using var update = source.CreateCommand("update outbox set fault = $2 where id = $1");
        update.Parameters.AddWithValue(id);
        update.Parameters.AddWithValue(reason);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    enum Sent { Yes, NotNow, Never }
}
