using EPimorfosi.Contracts.Allocation;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R19, R29: everybody's result, also to those who got nothing.</summary>
public class OutcomesDecidedConsumer(MessageIntake intake) : IConsumer<OutcomesDecided>
{
    public Task Consume(ConsumeContext<OutcomesDecided> context)
    {
        var (period, draw, outcomes) = context.Message;
        return intake.Store(
            [.. outcomes.Select(o => NewMessage.ToHolder(period, o.Ticket, $"{period}/draw/{draw}/{o.Ticket}", Kind(o), o))],
            context.CancellationToken);
    }

    public static MessageKind Kind(Outcome outcome) => outcome switch
    {
        { Programme: not null, Provisional: true } => MessageKind.PlacedProvisionally,
        { Programme: not null } => MessageKind.Placed,
        _ when outcome.Choices.Any(c => c.RunnerUp is not null) => MessageKind.RunnerUp,
        _ => MessageKind.Unplaced,
    };
}
