extern alias gateway;

using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;

namespace EPimorfosi.Verify.Tests;

/// <summary>A gateway as it runs, what it publishes, and a real Chromium that may reach nothing but this machine.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    IPlaywright playwright = null!;
    ServiceUnderTest<gateway::Program> server = null!;

    public Publisher Publisher { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address => server.Anyone().BaseAddress!;

    /// <summary>The page as one file, as the build left it.</summary>
    public static string OneFile => ProjectRoot.Combine("gateway", "wwwroot", "vendor", "epimorfosi-verify.html");

    public async ValueTask InitializeAsync()
    {
        Publisher = await Publisher.Start();
        var nobody = "http://127.0.0.1:1/";
        server = await ServiceUnderTest<gateway::Program>.Start(null, new Dictionary<string, string>
        {
            ["Services:Programmes"] = Publisher.Address,
            ["Services:Applications"] = nobody,
            ["Services:Allocation"] = Publisher.Address,
            ["Services:Notifications"] = nobody,
            ["Accounts:OfficePassword"] = "a good long password",
            ["RateLimits:AddressPerMinute"] = "100000",
        });
        (playwright, Browser) = await Chromium();
    }

    public static async Task<(IPlaywright Playwright, IBrowser Browser)> Chromium(params string[] more)
    {
        var playwright = await Playwright.CreateAsync();
        var program = Environment.GetEnvironmentVariable("EPIMORFOSI_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";
        Assert.True(File.Exists(program), $"{program} is not there: the tests of pages need Chromium (Debian: apt-get install chromium), or EPIMORFOSI_CHROMIUM.");
        return (playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = [.. Arguments, .. more] }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        await server.DisposeAsync();
        await Publisher.DisposeAsync();
    }
}
