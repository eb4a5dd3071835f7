using EPimorfosi.Contracts.Applications;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>Keeps the contacts; the highest version wins, in whatever order they arrive. Messages that waited for them become due.</summary>
public class TeachersChangedConsumer(NotificationsDb db) : IConsumer<TeachersChanged>
{
    public async Task Consume(ConsumeContext<TeachersChanged> context)
    {
        var newest = context.Message.Contacts.GroupBy(c => c.RegistryNumber, (_, same) => same.MaxBy(c => c.Version)!)
            .OrderBy(c => c.RegistryNumber, StringComparer.Ordinal).ToList();
        var numbers = newest.Select(c => c.RegistryNumber).ToArray();
        await db.Database.ExecuteSqlAsync($"""
            insert into contacts (registry_number, version, first_name, last_name, email, mobile, language)
            select n.registry_number, n.version, n.first_name, n.last_name, n.email, nullif(n.mobile, ''), n.language
            from unnest({numbers}, {newest.Select(c => c.Version).ToArray()}, {newest.Select(c => c.FirstName).ToArray()},
                {newest.Select(c => c.LastName).ToArray()}, {newest.Select(c => c.Email).ToArray()},
                {newest.Select(c => c.Mobile ?? "").ToArray()}, {newest.Select(c => c.Language).ToArray()})
                as n(registry_number, version, first_name, last_name, email, mobile, language)
            on conflict (registry_number) do update set version = excluded.version, first_name = excluded.first_name,
                last_name = excluded.last_name, email = excluded.email, mobile = excluded.mobile, language = excluded.language
            where contacts.version < excluded.version
            """, context.CancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            update messages m set due_at = now()
            from holders h
            where h.registry_number = any({numbers}) and m.period = h.period and m.ticket = h.ticket and m.state = 'WaitingForContact'
            """, context.CancellationToken);
    }
}
