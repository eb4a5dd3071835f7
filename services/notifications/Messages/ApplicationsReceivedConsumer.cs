using EPimorfosi.Contracts.Applications;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R15: every version of an application gets a receipt, and so does a withdrawal.</summary>
public class ApplicationsReceivedConsumer(MessageIntake intake, ClosedLetters closed) : IConsumer<ApplicationsReceived>
{
    public async Task Consume(ConsumeContext<ApplicationsReceived> context)
    {
        var period = context.Message.Period;
        await intake.Store(
            [.. context.Message.Applications.Select(a => NewMessage.ToHolder(
                period, a.Ticket, $"{period}/receipt/{a.Ticket}/{a.Version}", a.Withdrawn ? MessageKind.Withdrawn : MessageKind.Received, a))],
            context.CancellationToken);
        await closed.Write(period, [.. context.Message.Applications.Select(a => a.Ticket)], context.CancellationToken);
    }
}
