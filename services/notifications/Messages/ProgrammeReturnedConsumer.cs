using EPimorfosi.Contracts.Programmes;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R6, R29: a centre hears that its proposal was returned, and why.</summary>
public class ProgrammeReturnedConsumer(MessageIntake intake) : IConsumer<ProgrammeReturned>
{
    public Task Consume(ConsumeContext<ProgrammeReturned> context) => intake.Store(
        [new($"returned/{context.Message.Id}", context.Message.Code, MessageKind.ProgrammeReturned, context.Message) { Email = context.Message.Email, Language = context.Message.Language }],
        context.CancellationToken);
}
