using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace EPimorfosi.Notifications.Templates;

/// <summary>
/// The plain text again for readers of HTML, in gov.gr's look: paragraphs, lists and links, everything encoded. Styles are inline, for many mail
/// programs read no others; the one style sheet is for those that have a dark mode, and colours hold in both. Tables because Outlook lays out by them.
/// </summary>
public static partial class Html
{
    const string Font = "font-family:Roboto,'Segoe UI',Arial,sans-serif";
    const string Dark = """
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        @media (prefers-color-scheme:dark){.page{background:#16191f!important}.card{background:#21252d!important}.text{color:#f1f3f6!important}.link{color:#8ec5ff!important}.foot{color:#b8c0cc!important}}
        @media (max-width:620px){.pad{padding:20px 16px!important}}
        """;

    public static string Of(string text, string language)
    {
        var words = Words.In(language);
        var body = new StringBuilder();
        foreach (var paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            body.Append(Paragraph(paragraph.Split('\n')));
        }
        return $"""
            <!doctype html><html lang="{(language == "en" ? "en" : "el")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><style>{Dark}</style></head>
            <body class="page" style="margin:0;padding:0;background:#f2f4f7">
            <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f7"><tr><td align="center" style="padding:0 8px 24px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px">
            <tr><td class="pad" style="background:#003375;padding:16px 32px;{Font};font-size:20px;font-weight:700;line-height:28px;color:#ffffff">{Encode(words.Text("Html.Name"))}</td></tr>
            <tr><td class="card pad" style="background:#ffffff;padding:32px">{body}</td></tr>
            <tr><td class="foot pad" style="padding:16px 32px;{Font};font-size:13px;line-height:20px;color:#505a5f">{Encode(words.Text("Html.Foot"))}</td></tr>
            </table></td></tr></table></body></html>
            """;
    }

    /// <summary>Lines that are numbered are a list, with their own numbers.</summary>
    static string Paragraph(string[] lines)
    {
        var html = new StringBuilder();
        var open = false;
        foreach (var line in lines)
        {
            var item = Numbered().Match(line);
            if (item.Success)
            {
                html.Append(open ? "</p>" : "").Append(CultureInfo.InvariantCulture, $"""<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 12px"><tr><td class="text" valign="top" style="{Text};width:28px;font-weight:700">{Encode(item.Groups[1].Value)}</td><td class="text" style="{Text}">{Encode(item.Groups[2].Value)}</td></tr></table>""");
                open = false;
            }
            else
            {
                html.Append(open ? "<br>" : $"""<p class="text" style="margin:0 0 20px;{Text}">""").Append(Line(line));
                open = true;
            }
        }
        return html.Append(open ? "</p>" : "").ToString();
    }

    const string Text = Font + ";font-size:16px;line-height:26px;color:#0b0c0c;overflow-wrap:anywhere";

    static string Line(string line) => Uri.TryCreate(line, UriKind.Absolute, out var link) && link.Scheme is "https" or "http"
        ? $"""<a class="link" href="{Encode(line)}" style="color:#0065b3;word-break:break-all">{Encode(line)}</a>"""
        : Encode(line);

    static string Encode(string text) => WebUtility.HtmlEncode(text);

    [GeneratedRegex(@"^(\d{1,3}\.) (.*)$")]
    private static partial Regex Numbered();
}
