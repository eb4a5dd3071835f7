using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EPimorfosi.Notifications.News;

/// <summary>What the office writes, as HTML that can do no harm: no HTML of its own, no pictures from elsewhere, links to the web, to mail and within the portal.</summary>
public static class SafeMarkdown
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoLinks().Build();

    public static string Html(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var link in document.Descendants<LinkInline>())
        {
            (link.IsImage, link.Url, link.GetDynamicUrl) = (false, Safe(link.GetDynamicUrl?.Invoke() ?? link.Url), null);
        }
        foreach (var link in document.Descendants<AutolinkInline>())
        {
            link.Url = link.IsEmail ? link.Url : Safe(link.Url);
        }
        return document.ToHtml(Pipeline);
    }

    public static string Plain(string markdown) => Markdown.ToPlainText(markdown, Pipeline).Trim();

    static string Safe(string? url) => url is ['/', not '/' and not '\\', ..] or ['#', ..] or "/"
        || (Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute.Scheme is "https" or "http" or "mailto") ? url! : "#";
}
