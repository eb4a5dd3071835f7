using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Notifications.Sending;

namespace EPimorfosi.Notifications.Templates;

/// <summary>Writes a message in its recipient's language from its facts (R29). Nothing is read and nothing is sent here.</summary>
public static class Letter
{
    /// <param name="desk">The help desk's address; null where it reads no mail.</param>
    public static Parcel Write(DueMessage message, CatalogueExtract catalogue, Uri root, Links links, string? desk = null)
    {
        var person = message.Person!;
        var words = Words.In(person.Language);
        var unsubscribe = message.Kind.IsMandatory() || Subscriber(message) is not { } subscriber ? null : links.Write("unsubscribe", subscriber);
        var facts = LetterFacts.Of(message, catalogue, words, root, unsubscribe);
        var name = $"{person.FirstName} {person.LastName}".Trim();
        var subject = words.Fill($"{message.Kind}.Subject", facts);
        if (message.Channel == Channel.Sms)
        {
            var mobile = Mobile.E164(person.Mobile!) ?? throw new FormatException("This is no number that an SMS could be sent to.");
            return new(message.Reference, mobile, name, person.Language, subject, words.Fill($"{message.Kind}.Sms", facts));
        }
        var answers = message.Facts is QuestionFacts question && message.Kind != MessageKind.QuestionToConfirm && desk?.Split('@') is [var local, var domain]
            ? $"{local}+{links.WriteThread(question.Id)}@{domain}" : null;
        var text = string.Join("\n\n",
            name.Length == 0 ? words.Text("GreetingUnnamed") : words.Fill("Greeting", ("name", name)),
            words.Fill($"{message.Kind}.Text", facts),
            words.Fill(answers is null ? "Closing" : "ClosingToAnswer", ("link", root.ToString())));
        return new(message.Reference, person.Email ?? "", name, person.Language, subject, text, unsubscribe is null ? null : new Uri(root, $"/api/messages/unsubscribe/{unsubscribe}"))
        {
            ReplyTo = answers,
            Thread = message.Facts is QuestionFacts { Id: var id } ? $"question-{id:N}" : null,
        };
    }

    /// <summary>As the preferences name them.</summary>
    static string? Subscriber(DueMessage message) =>
        message.Person!.RegistryNumber ?? (message.Facts is AnnouncementFacts { Account: { } account } ? KnownAccount.Key(account) : null);
}
