using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Catalogue;

/// <summary>Keeps the period; the highest version wins. Messages that waited for it become due.</summary>
public class PeriodChangedConsumer(NotificationsDb db) : IConsumer<PeriodChanged>
{
    public async Task Consume(ConsumeContext<PeriodChanged> context)
    {
        var period = context.Message.Period;
        await db.Database.ExecuteSqlAsync($"""
            insert into periods (code, version, body)
            values ({period.Code}, {period.Version}, {JsonSerializer.Serialize(period, Outbox.Json)}::jsonb)
            on conflict (code) do update set version = excluded.version, body = excluded.body where periods.version < excluded.version
            """, context.CancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"update messages set due_at = now() where period = {period.Code} and state = 'WaitingForCatalogue'", context.CancellationToken);
    }
}
