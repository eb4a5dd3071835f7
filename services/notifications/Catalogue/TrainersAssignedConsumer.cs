using EPimorfosi.Contracts.Programmes;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Catalogue;

/// <summary>Keeps who teaches what, for announcements to the trainers of a cluster or a prefecture; the highest version wins.</summary>
public class TrainersAssignedConsumer(NotificationsDb db) : IConsumer<TrainersAssigned>
{
    public async Task Consume(ConsumeContext<TrainersAssigned> context)
    {
        foreach (var programme in context.Message.Programmes.OrderBy(programme => programme.Code, StringComparer.Ordinal))
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into trainers (period, code, version, numbers) values ({context.Message.Period}, {programme.Code}, {programme.Version}, {programme.Trainers.ToArray()})
                on conflict (period, code) do update set version = excluded.version, numbers = excluded.numbers where trainers.version < excluded.version
                """, context.CancellationToken);
        }
    }
}
