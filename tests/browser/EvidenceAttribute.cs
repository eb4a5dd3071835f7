using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Playwright;
using Xunit.v3;

[assembly: EPimorfosi.Browser.Tests.Evidence]

namespace EPimorfosi.Browser.Tests;

/// <summary>Of a test that fails, what its pages showed: as pictures in <c>artifacts/pages</c>, and as text beside the failure.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EvidenceAttribute : BeforeAfterTestAttribute
{
    static readonly ConcurrentDictionary<string, ConcurrentQueue<IPage>> Opened = [];

    internal static void Keep(IPage page)
    {
        if (TestContext.Current.Test is { } test)
        {
            Opened.GetOrAdd(test.UniqueID, _ => []).Enqueue(page);
        }
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Opened.TryRemove(test.UniqueID, out var pages) && TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            Task.Run(() => Show(test, pages)).Wait(TimeSpan.FromSeconds(20));
        }
    }

    static async Task Show(IXunitTest test, IEnumerable<IPage> pages)
    {
        foreach (var (page, number) in pages.Where(page => !page.IsClosed).Select((page, index) => (page, index + 1)))
        {
            await page.Picture($"failed-{test.TestMethod.MethodName}-{number}");
            var text = await page.Locator("body").InnerTextAsync(new() { Timeout = 2000 });
            Console.WriteLine($"{test.TestDisplayName}: {page.Url} showed\n{text[..Math.Min(text.Length, 2000)]}");
        }
    }
}
