using System.Net;
using System.Text.RegularExpressions;

namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>What somebody wrote in an answer by e-mail, without what they answer to.</summary>
public static partial class Quoted
{
    const int Longest = 20_000;

    /// <summary>Up to the line that begins the quotation, as mail programs write it in Greek and in English; lines that quote go in any case.</summary>
    public static string Cut(string text)
    {
        var kept = new List<string>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // «Στις …, ο χρήστης … έγραψε:» is often broken in two.
            if (Begins().IsMatch(lines[i]) || (i + 1 < lines.Length && Introduces().IsMatch(lines[i]) && Begins().IsMatch($"{lines[i]} {lines[i + 1]}")))
            {
                break;
            }
            if (!lines[i].TrimStart().StartsWith('>'))
            {
                kept.Add(lines[i].TrimEnd());
            }
        }
        var cut = string.Join('\n', kept).Trim();
        return cut.Length <= Longest ? cut : cut[..Longest];
    }

    /// <summary>The words of a mail that has only HTML.</summary>
    public static string OfHtml(string html) =>
        WebUtility.HtmlDecode(Tag().Replace(Break().Replace(Quotation().Replace(Unseen().Replace(html, ""), ""), "\n"), "")).Trim();

    [GeneratedRegex(@"^\s*(On\b.{5,200}\bwrote:|(Στις|Την|Τη|Το)\b.{5,200}\bέγραψ(ε|αν).{0,40}:|-{2,}\s*(Original Message|Αρχικό μήνυμα|Πρωτότυπο μήνυμα)\s*-*|_{10,}|(From|Από):\s.+|--\s?)$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Begins();

    [GeneratedRegex(@"^\s*(On|Στις|Την|Τη|Το)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Introduces();

    [GeneratedRegex(@"<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Unseen();

    [GeneratedRegex(@"<blockquote\b.*</blockquote\s*>|<div[^>]+class=""?gmail_quote.*", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Quotation();

    [GeneratedRegex(@"<br\s*/?>|</(p|div|tr|li|h\d)\s*>", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Break();

    [GeneratedRegex(@"<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tag();
}
