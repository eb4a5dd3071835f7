using EPimorfosi.Contracts.Applications;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>
/// Erasure: the contact, the preferences, and the address and wording of what was sent; that a message was sent, of what kind and when, stays (R29). What is still to be sent goes
/// nowhere any more.
/// </summary>
public class TeacherErasedConsumer(NotificationsDb db) : IConsumer<TeacherErased>
{
    public async Task Consume(ConsumeContext<TeacherErased> context)
    {
        var (number, version, cancel) = (context.Message.RegistryNumber, context.Message.Version, context.CancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            delete from suppressions s using contacts c where c.registry_number = {number} and c.version < {version} and lower(s.address) in (lower(c.email), c.mobile)
            """, cancel);
        var erased = await db.Database.ExecuteSqlAsync($"""
            update contacts set version = {version}, first_name = '', last_name = '', email = '', mobile = null where registry_number = {number} and version < {version}
            """, cancel);
        if (erased == 0)
        {
            return; // they are back already, with a newer contact
        }
        await db.Preferences.Where(one => one.RegistryNumber == number).ExecuteDeleteAsync(cancel);
        await db.Database.ExecuteSqlAsync($"""
            update messages m set address = null, body = null, email = null, due_at = null, state = case when m.due_at is null then m.state else 'Skipped' end
            where m.registry_number = {number}
               or exists (select from holders h where h.registry_number = {number} and h.period = m.period and h.ticket = m.ticket)
            """, cancel);
    }
}
