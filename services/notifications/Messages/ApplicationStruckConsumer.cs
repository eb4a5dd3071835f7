using EPimorfosi.Contracts.Allocation;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R29, R31: whose application was struck, or put back, is told why.</summary>
public class ApplicationStruckConsumer(MessageIntake intake) : IConsumer<ApplicationStruck>
{
    public Task Consume(ConsumeContext<ApplicationStruck> context)
    {
        var strike = context.Message;
        return intake.Store(
            [NewMessage.ToHolder(strike.Period, strike.Ticket, $"{strike.Period}/strike/{strike.Number}", strike.Struck ? MessageKind.Struck : MessageKind.Restored, strike)],
            context.CancellationToken);
    }
}
