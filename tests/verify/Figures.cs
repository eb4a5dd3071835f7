using System.Diagnostics;
using System.Globalization;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;

namespace EPimorfosi.Verify.Tests;

/// <summary>
/// How long each verifier takes over 150,000 applications of ten choices, and its peak memory. Nothing is asserted of time; run it by
/// <c>-explicit only -showLiveOutput</c>.
/// </summary>
public sealed class Figures
{
    const int Applications = 150_000, Programmes = 1_500, Choices = 10;

    [Fact(Explicit = true)]
    public async Task Seconds_and_memory_for_150_000_applications()
    {
        var files = Large().Files();
        var folder = Directory.CreateTempSubdirectory("epimorfosi-figures");
        var zip = Path.Combine(folder.FullName, "bundle.zip");
        await File.WriteAllBytesAsync(zip, Publisher.Zip(files), TestContext.Current.CancellationToken);
        try
        {
            for (var run = 0; run < 3; run++)
            {
                await InBrowser(zip);
            }
            OnCommandLine("node", ProjectRoot.Combine("tools", "verify-draw"), zip);
            OnCommandLine("python3", ProjectRoot.Combine("tools", "verify.py"), zip);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task InBrowser(string zip)
    {
        var (playwright, browser) = await PageFixture.Chromium();
        await using (browser)
        {
            var before = Memory("chromium");
            var page = await browser.NewPageAsync();
            await page.GotoAsync(new Uri(PageFixture.OneFile).AbsoluteUri);
            var opened = Memory("chromium");
            await page.Locator("#verify-files").SetInputFilesAsync(zip);
            var clock = Stopwatch.StartNew();
            await page.Locator("form button[type=submit]").ClickAsync();
            var peak = opened;
            var done = page.Locator(".verify-outcome[data-verdict=ok]").WaitForAsync(new() { Timeout = 120_000 });
            while (!done.IsCompleted)
            {
                peak = Math.Max(peak, Memory("chromium"));
                await Task.WhenAny(done, Task.Delay(10));
            }
            await done;
            Say($"page in Chromium: {clock.Elapsed.TotalSeconds:0.00} s from the click to the verdict; {peak - opened} MB more than with the page open, all its processes together");
        }
        playwright.Dispose();
    }

    static void OnCommandLine(string program, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var peak = 0L;
        while (!process.WaitForExit(5))
        {
            process.Refresh();
            peak = Math.Max(peak, process.HasExited ? 0 : process.PeakWorkingSet64 >> 20);
        }
        Assert.StartsWith("OK", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        Say($"{Path.GetFileName(arguments[0])}: {clock.Elapsed.TotalSeconds:0.00} s, peak {peak} MB");
    }

    /// <summary>Resident anonymous memory of all processes of that name that this one's browser may have, in MB.</summary>
    static long Memory(string name) => Process.GetProcessesByName(name).Sum(process =>
    {
        using (process)
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
                return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 10;
            }
            catch (IOException)
            {
                return 0; // gone meanwhile
            }
        }
    });

    static void Say(FormattableString text) => TestContext.Current.TestOutputHelper!.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ten choices each, the demand uneven, the same every time.</summary>
    static Published Large()
    {
        var random = new Random(1);
        var programmes = Enumerable.Range(0, Programmes).Select(number => new Programme(
            string.Create(CultureInfo.InvariantCulture, $"B2.{number % 13 + 1}-{number:0000}"), 1, "B2.4", "IIb", "τίτλος", "C", "C", "GR-01", [], 10, 15, null, []))
            .OrderBy(programme => programme.Code, StringComparer.Ordinal).ToArray();
        var tickets = new HashSet<string>();
        while (tickets.Count < Applications)
        {
            tickets.Add(string.Concat(Enumerable.Range(0, 16).Select(_ => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[random.Next(32)])));
        }
        return Published.Of(programmes, [.. tickets.Order(StringComparer.Ordinal).Select(ticket => (ticket, List()))], Randomness.Of(["one", "two"]));

        string[] List()
        {
            var list = new HashSet<string>();
            while (list.Count < Choices)
            {
                list.Add(programmes[(int)(Programmes * Math.Pow(random.NextDouble(), 1.5))].Code);
            }
            return [.. list];
        }
    }
}
