using EPimorfosi.Contracts.Programmes;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R6, R29: a centre hears that its proposal was approved.</summary>
public class ProgrammeApprovedConsumer(MessageIntake intake) : IConsumer<ProgrammeApproved>
{
    public Task Consume(ConsumeContext<ProgrammeApproved> context) => intake.Store(
        [new($"approved/{context.Message.Id}", context.Message.Code, MessageKind.ProgrammeApproved, context.Message) { Email = context.Message.Email, Language = context.Message.Language }],
        context.CancellationToken);
}
