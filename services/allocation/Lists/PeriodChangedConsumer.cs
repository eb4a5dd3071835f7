using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Lists;

/// <summary>Keeps the period as of its highest version.</summary>
public sealed class PeriodChangedConsumer(AllocationDb db) : IConsumer<PeriodChanged>
{
    public Task Consume(ConsumeContext<PeriodChanged> context)
    {
        var period = context.Message.Period;
        return db.Database.ExecuteSqlAsync($"""
            insert into periods as known (code, version, body)
            values ({period.Code}, {period.Version}, {JsonSerializer.Serialize(period, Outbox.Json)}::jsonb)
            on conflict (code) do update set version = excluded.version, body = excluded.body
            where known.version < excluded.version
            """, context.CancellationToken);
    }
}
