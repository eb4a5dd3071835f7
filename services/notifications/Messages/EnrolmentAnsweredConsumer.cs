using EPimorfosi.Contracts.Applications;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R28: the answer to an enrolment is acknowledged.</summary>
public class EnrolmentAnsweredConsumer(MessageIntake intake) : IConsumer<EnrolmentAnswered>
{
    public Task Consume(ConsumeContext<EnrolmentAnswered> context)
    {
        var answer = context.Message;
        // With the instant: a seat may be declined, got again and confirmed.
        var key = $"{answer.Period}/enrolment/{answer.Ticket}/{answer.Programme}/{answer.At.UtcDateTime:O}";
        var kind = answer.Confirmed ? MessageKind.EnrolmentConfirmed : MessageKind.EnrolmentDeclined;
        return intake.Store([NewMessage.ToHolder(answer.Period, answer.Ticket, key, kind, answer)], context.CancellationToken);
    }
}
