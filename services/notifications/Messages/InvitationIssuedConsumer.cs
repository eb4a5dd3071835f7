using EPimorfosi.Contracts.Gateway;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>The owner of a new account is sent the link to choose a password.</summary>
public class InvitationIssuedConsumer(MessageIntake intake) : IConsumer<InvitationIssued>
{
    public Task Consume(ConsumeContext<InvitationIssued> context)
    {
        var invitation = context.Message;
        return intake.Store(
            [new($"invitation/{invitation.Id}", invitation.UserName, MessageKind.Invitation, invitation) { RegistryNumber = invitation.RegistryNumber, Email = invitation.Email, Language = invitation.Language }],
            context.CancellationToken);
    }
}
