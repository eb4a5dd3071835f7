using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Messages;

/// <summary>
/// R29: at the close of phase A everybody whose application takes part in the draw is told so, once, with the version that counts (R15). The last versions
/// may arrive after the news of the close: then each is told when it arrives.
/// </summary>
public class ClosedLetters(NotificationsDb db, MessageIntake intake)
{
    const int AtOnce = 1000;

    public async Task Write(string period, string[]? tickets, CancellationToken cancel)
    {
        if (!await db.Closings.AnyAsync(c => c.Period == period, cancel))
        {
            return;
        }
        var after = "";
        while (true)
        {
            var some = await db.Database.SqlQuery<Standing>($"""
                select distinct on (ticket) ticket, kind, facts::text as facts from messages
                where period = {period} and kind in ('Received', 'Withdrawn') and channel = 'Email' and ticket > {after} and ({tickets}::text[] is null or ticket = any({tickets}))
                order by ticket, (facts ->> 'version')::int desc limit {AtOnce}
                """).ToListAsync(cancel);
            if (some.Count == 0)
            {
                return;
            }
            after = some[^1].Ticket;
            await intake.Store(
                [.. some.Where(s => s.Kind == nameof(MessageKind.Received)).Select(s => NewMessage.ToHolder(
                    period, s.Ticket, $"{period}/close/{s.Ticket}", MessageKind.Closed, JsonSerializer.Deserialize<ApplicationVersion>(s.Facts, Outbox.Json)!))],
                cancel);
        }
    }

    sealed record Standing(string Ticket, string Kind, string Facts);
}

/// <summary>A period whose phase A is closed.</summary>
public class Closing
{
    public required string Period { get; init; }
    public required DateTimeOffset At { get; init; }
}
