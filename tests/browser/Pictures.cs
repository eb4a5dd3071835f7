using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;

namespace EPimorfosi.Browser.Tests;

/// <summary>What a page looked like, kept in <c>artifacts/pages</c>.</summary>
static class Pictures
{
    static readonly string Folder = Directory.CreateDirectory(ProjectRoot.Combine("artifacts", "pages")).FullName;

    public static Task Picture(this IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{page.ViewportSize!.Width}.png"), FullPage = true });
}
