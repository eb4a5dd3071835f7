using System.Globalization;
using System.Text;

namespace EPimorfosi.Notifications.News;

/// <summary>Text as people search it: without accents, without case, one sigma. «Εγγραφή», «εγγραφη» and «ΕΓΓΡΑΦΗ» are the same.</summary>
public static class Folded
{
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(c == 'ς' ? 'σ' : c);
            }
        }
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The words of a question; those of one or two letters say nothing.</summary>
    public static IReadOnlyList<string> Words(string text) =>
        [.. Of(text).Split([.. Of(text).Where(c => !char.IsLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 2).Distinct()];
}
