using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Sending;

namespace EPimorfosi.Notifications.Templates;

/// <summary>Writes a message in its recipient's language from its facts (R29). Nothing is read and nothing is sent here.</summary>
public static class Letter
{
    public static Parcel Write(DueMessage message, CatalogueExtract catalogue, Uri link)
    {
        var person = message.Person!;
        var words = Words.In(person.Language);
        var facts = LetterFacts.Of(message, catalogue, words, link);
        var name = $"{person.FirstName} {person.LastName}".Trim();
        var (address, text) = message.Channel == Channel.Sms
            ? (Mobile.E164(person.Mobile!) ?? throw new FormatException("This is no number that an SMS could be sent to."), words.Fill($"{message.Kind}.Sms", facts))
            : (person.Email ?? "", string.Join("\n\n",
                name.Length == 0 ? words.Text("GreetingUnnamed") : words.Fill("Greeting", ("name", name)),
                words.Fill($"{message.Kind}.Text", facts),
                words.Fill("Closing", ("link", link.ToString()))));
        return new(message.Reference, address, name, person.Language, words.Fill($"{message.Kind}.Subject", facts), text);
    }
}
