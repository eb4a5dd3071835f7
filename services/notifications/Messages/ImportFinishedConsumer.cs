using EPimorfosi.Contracts.Imports;
using EPimorfosi.Notifications.News;
using MassTransit;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.Messages;

/// <summary>R29: the office hears that a file was taken in, where it has an address.</summary>
public class ImportFinishedConsumer(MessageIntake intake, IOptions<OfficeOptions> office) : IConsumer<ImportFinished>
{
    public Task Consume(ConsumeContext<ImportFinished> context) => office.Value.Email is not { } address ? Task.CompletedTask : intake.Store(
        [new($"import/{context.Message.Id}", "office", MessageKind.ImportFinished, context.Message) { Email = address, Language = office.Value.Language }],
        context.CancellationToken);
}
