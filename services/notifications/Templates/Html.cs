using System.Net;
using System.Text;

namespace EPimorfosi.Notifications.Templates;

/// <summary>The plain text again for readers of HTML: paragraphs, lines and links, everything encoded.</summary>
public static class Html
{
    public static string Of(string text, string language)
    {
        var html = new StringBuilder($"""<!doctype html><html lang="{(language == "en" ? "en" : "el")}"><head><meta charset="utf-8"></head>""")
            .Append("""<body style="font-family:Arial,sans-serif;font-size:16px;line-height:1.5;max-width:40em">""");
        foreach (var paragraph in text.Split("\n\n"))
        {
            html.Append("<p>").AppendJoin("<br>", paragraph.Split('\n').Select(Line)).Append("</p>");
        }
        return html.Append("</body></html>").ToString();
    }

    static string Line(string line)
    {
        var encoded = WebUtility.HtmlEncode(line);
        return line.StartsWith("https://", StringComparison.Ordinal) || line.StartsWith("http://", StringComparison.Ordinal)
            ? $"""<a href="{encoded}">{encoded}</a>"""
            : encoded;
    }
}
