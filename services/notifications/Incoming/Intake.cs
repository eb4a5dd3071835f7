using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace EPimorfosi.Notifications.Incoming;

/// <summary>Takes in one mail, by whichever way it came; the same mail again changes nothing.</summary>
public class Intake(NotificationsDb db, Threads threads, TimeProvider clock)
{
    /// <returns>What it was taken for, for the log: never whose it is.</returns>
    public async Task<string> Take(MimeMessage mail, CancellationToken cancel)
    {
        var what = IncomingMail.Read(mail);
        switch (what)
        {
            case IncomingMail.Bounce { Final: true, Message: { } message } bounce:
                await CameBack(message, bounce.Address, $"{bounce.Status} {bounce.Reason}".Trim(), bounce.AddressIsDead ? "bounce" : null, cancel);
                break;
            case IncomingMail.Complaint { Message: { } message }:
                await CameBack(message, null, "complaint", "complaint", cancel);
                break;
            case IncomingMail.Letter { Mail: var letter }:
                return await threads.Take(letter, cancel);
        }
        return what.GetType().Name;
    }

    /// <summary>
    /// Believed only of a message that is known by its unguessable name and went to that very address: nobody can silence somebody else with
    /// a report they made up.
    /// </summary>
    async Task CameBack(Guid id, string? address, string reason, string? suppress, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var message = await db.Messages.FromSql($"select * from messages where id = {id} and channel = 'Email' and state in ('Sent', 'Delivered', 'Bounced') for update")
            .AsNoTracking().SingleOrDefaultAsync(cancel);
        if (message?.Address is not { } sentTo || (address is not null && !address.Equals(sentTo, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }
        await db.Database.ExecuteSqlAsync($"update messages set state = 'Bounced', error = {reason}, reported_at = {clock.GetUtcNow()} where id = {id}", cancel);
        if (suppress is not null)
        {
            await Suppression.Add(db, sentTo, suppress, reason, id, clock.GetUtcNow(), cancel);
        }
        await transaction.CommitAsync(cancel);
    }
}
