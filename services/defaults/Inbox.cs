using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EPimorfosi.Defaults;

/// <summary>Each message is consumed once: its id is inserted in the consumer's own transaction, and a repeat is dropped.</summary>
sealed class InboxFilter<T>(ServiceDb db) : IFilter<ConsumeContext<T>> where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var id = context.MessageId ?? throw new InvalidOperationException("A message without an id can't be told from its repeat.");
        var endpoint = context.ReceiveContext.InputAddress.Segments[^1];
        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        var fresh = await db.Database.ExecuteSqlAsync(
            $"insert into inbox (message_id, endpoint, received_at) values ({id}, {endpoint}, {DateTimeOffset.UtcNow}) on conflict do nothing", context.CancellationToken);
        if (fresh == 1)
        {
            await next.Send(context);
            await transaction.CommitAsync(context.CancellationToken);
        }
        else
        {
            await context.NotifyConsumed(TimeSpan.Zero, "inbox"); // else MassTransit takes it for a message that nobody wants, and keeps it in a _skipped queue
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox");
}

/// <summary>Forgets ids after a month; no broker repeats a message that late.</summary>
sealed class InboxPurge(IServiceScopeFactory scopes, ILogger<InboxPurge> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(6));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var limit = DateTimeOffset.UtcNow.AddDays(-30);
                await scope.ServiceProvider.GetRequiredService<ServiceDb>().Set<InboxMessage>().Where(message => message.ReceivedAt < limit).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Npgsql.NpgsqlException fault)
            {
                log.LogWarning("The inbox was not purged: {Reason}", fault.Message);
            }
        }
    }
}
