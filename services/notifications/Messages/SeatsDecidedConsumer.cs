using EPimorfosi.Contracts.Allocation;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R23, R24, R29: everybody hears of each line of the claim log that is about them.</summary>
public class SeatsDecidedConsumer(MessageIntake intake) : IConsumer<SeatsDecided>
{
    public Task Consume(ConsumeContext<SeatsDecided> context)
    {
        var (period, decisions) = context.Message;
        return intake.Store(
            [.. decisions.Select(d => NewMessage.ToHolder(period, d.Ticket, $"{period}/log/{d.Number}", Kind(d), d))],
            context.CancellationToken);
    }

    /// <summary>A word of the log without a template fails the whole event: it waits in the error queue, and nobody is silently not told.</summary>
    static MessageKind Kind(SeatDecision decision) => decision.Event switch
    {
        "placed" => MessageKind.SeatPlaced,
        "waiting" => MessageKind.SeatWaiting,
        "refused" => MessageKind.SeatRefused,
        "released" => MessageKind.SeatReleased,
        "promoted" => MessageKind.SeatPromoted,
        "offered" => MessageKind.SeatOffered,
        "accepted" => MessageKind.OfferAccepted,
        "declined" => MessageKind.OfferDeclined,
        "expired" => MessageKind.OfferExpired,
        "rescued" => MessageKind.SeatRescued,
        "cancelled" => decision.Rule is null ? MessageKind.SeatCancelled : MessageKind.OfferCancelled, // R27; with R25 it ends an offer
        "overridden" => MessageKind.SeatOverridden,
        _ => throw new NotSupportedException($"There is no template for the log's event '{decision.Event}'."),
    };
}
