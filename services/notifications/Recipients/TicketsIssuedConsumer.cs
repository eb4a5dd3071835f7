using EPimorfosi.Contracts.Applications;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>Keeps whose ticket it is (R14: it never changes hands). Messages that waited for it become due.</summary>
public class TicketsIssuedConsumer(NotificationsDb db) : IConsumer<TicketsIssued>
{
    public async Task Consume(ConsumeContext<TicketsIssued> context)
    {
        var (period, holders) = context.Message;
        var tickets = holders.Select(h => h.Ticket).ToArray();
        await db.Database.ExecuteSqlAsync($"""
            insert into holders (period, ticket, registry_number)
            select {period}, n.ticket, n.registry_number
            from unnest({tickets}, {holders.Select(h => h.RegistryNumber).ToArray()}) as n(ticket, registry_number)
            order by n.ticket
            on conflict (period, ticket) do nothing
            """, context.CancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            update messages set due_at = now()
            where ticket = any({tickets}) and period = {period} and state = 'WaitingForContact'
            """, context.CancellationToken);
    }
}
