using EPimorfosi.Contracts.Gateway;
using MassTransit;

namespace EPimorfosi.Notifications.Messages;

/// <summary>Who forgot the password is sent the link to choose a new one.</summary>
public class PasswordForgottenConsumer(MessageIntake intake) : IConsumer<PasswordForgotten>
{
    public Task Consume(ConsumeContext<PasswordForgotten> context)
    {
        var asked = context.Message;
        return intake.Store(
            [new($"password/{asked.Id}", asked.UserName, MessageKind.PasswordForgotten, asked) { RegistryNumber = asked.RegistryNumber, Email = asked.Email, Language = asked.Language }],
            context.CancellationToken);
    }
}
