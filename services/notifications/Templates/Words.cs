using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using EPimorfosi.Contracts;

namespace EPimorfosi.Notifications.Templates;

/// <summary>The texts in one language, filled by name. A text or a fact that is missing is a fault, never a gap in a letter.</summary>
public sealed partial class Words
{
    static readonly ResourceManager Resources = new(typeof(Texts));
    static readonly TimeZoneInfo Athens = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");
    static readonly Words Greek = new(new("el"));
    static readonly Words English = new(new("en"));

    readonly CultureInfo language;
    readonly CultureInfo culture;

    Words(CultureInfo language)
    {
        this.language = language;
        culture = new(Text("Culture"));
    }

    /// <summary>Greek, unless English was asked for.</summary>
    public static Words In(string person) => person == "en" ? English : Greek;

    public string Choose(LocalText text) => this == English && text.En.Length > 0 ? text.En : text.El;

    public string Text(string key) =>
        Resources.GetString(key, language) ?? throw new KeyNotFoundException($"There is no text '{key}' in '{language}'.");

    /// <summary>What is filled in is not looked at again: braces in somebody's name stay braces.</summary>
    public string Fill(string key, IReadOnlyDictionary<string, string> facts) => Gap().Replace(Text(key), gap =>
        facts.TryGetValue(gap.Groups[1].Value, out var fact) ? fact : throw new KeyNotFoundException($"The text '{key}' needs '{gap.Groups[1].Value}'."));

    public string Fill(string key, params (string Name, string Value)[] facts) => Fill(key, facts.ToDictionary(f => f.Name, f => f.Value));

    public string Count(string key, int count) => Fill(count == 1 ? $"{key}.One" : $"{key}.Other", ("count", Number(count)));

    public string Number(long number) => number.ToString("N0", culture);

    /// <summary>R30: to the second, as a clock in Athens shows it.</summary>
    public string Moment(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Athens).ToString(Text("Moment"), culture);

    /// <summary>Day and minute, for a short message.</summary>
    public string Brief(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Athens).ToString("dd'/'MM HH':'mm", CultureInfo.InvariantCulture);

    public string Day(DateOnly day) => day.ToString(Text("Day"), culture);

    /// <summary><c>Tue 17:00</c> as people write it.</summary>
    public string Slot(string slot)
    {
        var day = Array.IndexOf(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames, slot[..3]);
        return Fill("Slot", ("day", culture.DateTimeFormat.DayNames[day]), ("time", slot[4..]));
    }

    [GeneratedRegex(@"\{([A-Za-z]+)\}")]
    private static partial Regex Gap();
}
