using EPimorfosi.Contracts.Applications;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R29: phase A is closed, and everybody in the draw hears it.</summary>
public class ApplicationsFrozenConsumer(NotificationsDb db, ClosedLetters letters) : IConsumer<ApplicationsFrozen>
{
    public async Task Consume(ConsumeContext<ApplicationsFrozen> context)
    {
        var frozen = context.Message;
        await db.Database.ExecuteSqlAsync(
            $"insert into closings (period, at) values ({frozen.Period}, {frozen.FrozenAt.ToUniversalTime()}) on conflict (period) do nothing", context.CancellationToken);
        await letters.Write(frozen.Period, null, context.CancellationToken);
    }
}
