using EPimorfosi.Contracts.Applications;
using EPimorfosi.Notifications.Sending;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>Keeps the contacts; the highest version wins, in whatever order they arrive. Messages that waited for them become due.</summary>
public class TeachersChangedConsumer(NotificationsDb db, IOptions<SendingOptions> sending) : IConsumer<TeachersChanged>
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
                {newest.Select(c => c.Mobile is { } mobile ? Mobile.E164(mobile) ?? mobile : "").ToArray()}, {newest.Select(c => c.Language).ToArray()})
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
        await SendAgain(numbers, context.CancellationToken);
    }

    /// <summary>What could not be delivered to the old address goes to the new one.</summary>
    Task<int> SendAgain(string[] numbers, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        with theirs as (
            select m.id, m.channel, m.address, c.email, c.mobile from contacts c
            join holders h on h.registry_number = c.registry_number
            join messages m on m.period = h.period and m.ticket = h.ticket
            where c.registry_number = any({numbers}) and m.state in ('Failed', 'Bounced', 'Suppressed') and m.created_at > now() - {sending.Value.Resend}
            union all
            select m.id, m.channel, m.address, c.email, c.mobile from contacts c
            join messages m on m.registry_number = c.registry_number
            where c.registry_number = any({numbers}) and m.state in ('Failed', 'Bounced', 'Suppressed') and m.created_at > now() - {sending.Value.Resend})
        update messages m set state = 'Pending', due_at = now(), attempts = 0, error = null
        from theirs t
        where m.id = t.id and lower(coalesce(case t.channel when 'Email' then t.email else t.mobile end, t.address)) is distinct from lower(t.address)
        """, cancel);
}
