using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace EPimorfosi.Browser.Tests;

/// <summary>How many a second, printed and not judged: <c>-explicit only -class *Rates</c>.</summary>
public sealed class Rates(Site site)
{
    const int Visitors = 32;
    static readonly TimeSpan Long = TimeSpan.FromSeconds(4);

    [Fact(Explicit = true)]
    public async Task The_catalogue_against_a_static_file()
    {
        await site.OpenPeriod;
        foreach (var round in new[] { "warm-up", "1", "2", "3" })
        {
            var (file, page) = (await Rate("/site.css"), await Rate("/programmes"));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round}: file {file.PerSecond:0}/s of {file.Bytes} B, catalogue {page.PerSecond:0}/s of {page.Bytes} B, ratio {page.PerSecond / file.PerSecond:0.00}"));
        }
    }

    async Task<(double PerSecond, int Bytes)> Rate(string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Visitors }) { BaseAddress = site.Address };
        var (watch, count, bytes) = (Stopwatch.StartNew(), 0, 0);
        await Task.WhenAll(Enumerable.Range(0, Visitors).Select(async _ =>
        {
            while (watch.Elapsed < Long)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" }, { "Accept-Language", "el" } } };
                using var answer = await http.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
                Interlocked.Increment(ref count);
            }
        }));
        return (count / watch.Elapsed.TotalSeconds, bytes);
    }
}
