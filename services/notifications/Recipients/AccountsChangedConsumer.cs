using EPimorfosi.Contracts.Gateway;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>Keeps whom announcements for centres, trainers, auditors and the office go to; the highest version wins, in whatever order they arrive.</summary>
public class AccountsChangedConsumer(NotificationsDb db) : IConsumer<AccountsChanged>
{
    public async Task Consume(ConsumeContext<AccountsChanged> context)
    {
        foreach (var account in context.Message.Accounts.OrderBy(account => account.Id))
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into accounts (id, version, user_name, roles, registry_number, centre, email)
                values ({account.Id}, {account.Version}, {account.UserName}, {account.Roles.ToArray()}, {account.RegistryNumber}, {account.Centre}, {account.Email})
                on conflict (id) do update set version = excluded.version, user_name = excluded.user_name, roles = excluded.roles,
                    registry_number = excluded.registry_number, centre = excluded.centre, email = excluded.email
                where accounts.version < excluded.version
                """, context.CancellationToken);
        }
    }
}
