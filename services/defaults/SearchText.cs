using System.Globalization;
using System.Text;

namespace EPimorfosi.Defaults;

/// <summary>Text as it is searched: without accents and case, and with Latin letters that look Greek taken for Greek (the register mixes them).</summary>
public static class SearchText
{
    const string Latin = "ABEZHIKMNOPTYX";
    const string Greek = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

    public static string Fold(params string?[] parts)
    {
        var folded = new StringBuilder();
        foreach (var letter in string.Join(' ', parts).Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark))
        {
            var upper = letter == 'ς' ? 'Σ' : char.ToUpperInvariant(letter);
            var look = Latin.IndexOf(upper, StringComparison.Ordinal);
            folded.Append(look < 0 ? upper : Greek[look]);
        }
        return folded.ToString();
    }

    /// <summary>The pattern of <c>LIKE</c> for text that holds the words somewhere; null for no words.</summary>
    public static string? Pattern(string? words) => string.IsNullOrWhiteSpace(words)
        ? null
        : $"%{Fold(words.Trim()).Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    /// <summary>A pattern for each word, for text that holds all of them, in whatever order.</summary>
    public static string[] Patterns(string? words) => [.. (words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word => Pattern(word)!)];
}
