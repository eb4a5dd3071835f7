using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Catalogue;

/// <summary>Keeps the programmes; the highest version of each wins. Messages that waited for them become due.</summary>
public class ProgrammesPublishedConsumer(NotificationsDb db) : IConsumer<ProgrammesPublished>
{
    public async Task Consume(ConsumeContext<ProgrammesPublished> context)
    {
        var (period, programmes) = context.Message;
        var newest = programmes.GroupBy(p => p.Code, (_, same) => same.MaxBy(p => p.Version)!)
            .OrderBy(p => p.Code, StringComparer.Ordinal).ToList();
        await db.Database.ExecuteSqlAsync($"""
            insert into programmes (period, code, version, body)
            select {period}, n.code, n.version, n.body::jsonb
            from unnest({newest.Select(p => p.Code).ToArray()}, {newest.Select(p => p.Version).ToArray()},
                {newest.Select(p => JsonSerializer.Serialize(p, Outbox.Json)).ToArray()}) as n(code, version, body)
            on conflict (period, code) do update set version = excluded.version, body = excluded.body
            where programmes.version < excluded.version
            """, context.CancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"update messages set due_at = now() where period = {period} and state = 'WaitingForCatalogue'", context.CancellationToken);
    }
}
