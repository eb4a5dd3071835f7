using System.Collections;
using System.Globalization;
using System.Resources;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Notifications.Templates;
using EPimorfosi.Notifications.Wordings;

namespace EPimorfosi.Notifications.Tests;

/// <summary>Every template in both languages with all its facts; a missing one fails here and not at a person's desk.</summary>
public class LetterTests
{
    static readonly Links Links = new([.. Enumerable.Range(1, 32).Select(n => (byte)n)]);

    public static TheoryData<MessageKind, string> EveryKindAndLanguage =>
        [.. Enum.GetValues<MessageKind>().SelectMany(kind => new[] { (kind, "el"), (kind, "en") })];

    [Theory, MemberData(nameof(EveryKindAndLanguage))]
    public void Every_letter_is_whole_in_both_languages(MessageKind kind, string language)
    {
        var letter = Write(kind, language);

        Assert.DoesNotContain('{', letter.Subject + letter.Text);
        Assert.NotEmpty(letter.Subject);
        Assert.Contains("Μαρία Παπαδοπούλου 1", letter.Text, StringComparison.Ordinal);
        Assert.Contains("https://epimorfosi.example/", letter.Text, StringComparison.Ordinal);
        var template = new ResourceManager(typeof(Texts)).GetResourceSet(new CultureInfo(language), true, tryParents: language == "el")!.GetString($"{kind}.Text");
        Assert.NotNull(template); // of this language itself, not of the one behind it
    }

    [Theory, MemberData(nameof(EveryKindAndLanguage))]
    public void Every_short_message_fits_in_two_parts(MessageKind kind, string language)
    {
        if (kind.IsMailOnly())
        {
            return;
        }
        var sms = Write(kind, language, Channel.Sms);

        Assert.Equal("+306900000001", sms.Address);
        Assert.InRange(sms.Text.Length, 10, 2 * 67); // UCS-2, two parts
    }

    [Fact]
    public void Both_languages_have_the_same_texts_with_the_same_gaps()
    {
        var resources = new ResourceManager(typeof(Texts));
        var greek = Entries(resources, CultureInfo.InvariantCulture);
        var english = Entries(resources, new("en"));

        Assert.Equal(greek.Keys.Order(), english.Keys.Order());
        Assert.All(greek.Keys, key => Assert.Equal(Gaps(greek[key]), Gaps(english[key])));

        static Dictionary<string, string> Entries(ResourceManager resources, CultureInfo culture) =>
            resources.GetResourceSet(culture, true, false)!.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

        static string Gaps(string text) =>
            string.Join(' ', System.Text.RegularExpressions.Regex.Matches(text, @"\{\w+\}").Select(m => m.Value).Distinct().Order());
    }

    [Fact]
    public void A_result_says_in_plain_words_why()
    {
        var greek = Write(MessageKind.Placed, "el").Text;
        var english = Write(MessageKind.RunnerUp, "en").Text;

        Assert.Contains("1. ATH-01 – Ψηφιακά εργαλεία στη φιλολογία, 1ο Γυμνάσιο Αθηνών (κατηγορία ΙΙα): την τελευταία από τις 15 θέσεις έλαβε η αίτηση με σειρά 388· η δική σας σειρά στην κλήρωση είναι 412. Είστε στους επιλαχόντες, στην 7η σειρά από 140.", greek, StringComparison.Ordinal);
        Assert.Contains("2. ONL-02 – Φιλολογία εξ αποστάσεως, 2ο Λύκειο Θεσσαλονίκης (κατηγορία ΙΙβ): λάβατε θέση σε αυτό.", greek, StringComparison.Ordinal);
        Assert.Contains("the last of the 12 seats went to place 1,499; your place in the draw is 2,412. You are a runner-up, number 12 of 1,023.", english, StringComparison.Ordinal);
    }

    [Fact]
    public void Deadlines_are_told_by_the_clock_of_Athens_to_the_second()
    {
        Assert.Contains("έως και τις 20 Ιανουαρίου 2023 (Παρασκευή), ώρα 11:30:05", Write(MessageKind.Received, "el").Text, StringComparison.Ordinal);
        Assert.Contains("including Friday 20 January 2023 at 11:30:05 (Athens time)", Write(MessageKind.Received, "en").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offer_says_until_when_and_where_to_answer() // R25
    {
        var (greek, sms) = (Write(MessageKind.SeatOffered, "el"), Write(MessageKind.SeatOffered, "el", Channel.Sms));
        Assert.Contains("έως και τις 14 Ιανουαρίου 2023 (Σάββατο), ώρα 11:30:05", greek.Text, StringComparison.Ordinal);
        Assert.All([greek.Text, sms.Text], text => Assert.Contains("https://epimorfosi.example/offers/B2-2023-2.7", text, StringComparison.Ordinal));
        Assert.Contains("14/01 11:30", sms.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_of_lessons_are_written_out()
    {
        Assert.Contains("Ωράριο: Τρίτη 17:00, Πέμπτη 17:00", Write(MessageKind.EnrolmentConfirmed, "el").Text, StringComparison.Ordinal);
        Assert.Contains("Starts: Tuesday 7 March 2023", Write(MessageKind.EnrolmentConfirmed, "en").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_only_ever_text()
    {
        var person = new Person("<b>{ticket}</b>", "\"&", "a@example.gr", null, "el");

        var letter = Letter.Write(Samples.Message(MessageKind.Received, "el", Channel.Email) with { Person = person }, Samples.Catalogue, new("https://epimorfosi.example"), Links);
        var html = Html.Of(letter.Text, "el");

        Assert.Contains("κ. <b>{ticket}</b> \"&,", letter.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;{ticket}&lt;/b&gt; &quot;&amp;,", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Matches("""<a [^>]*href="https://epimorfosi\.example/"[^>]*>https://epimorfosi\.example/</a>""", html);
    }

    static Parcel Write(MessageKind kind, string language, Channel channel = Channel.Email)
    {
        var person = new Person("Μαρία", "Παπαδοπούλου 1", Given.Address(1), "+306900000001", language) { RegistryNumber = "000001" };
        return Letter.Write(Samples.Message(kind, language, channel) with { Person = person }, Samples.Catalogue, new("https://epimorfosi.example"), Links);
    }
}
