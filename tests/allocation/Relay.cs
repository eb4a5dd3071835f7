using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EPimorfosi.Allocation.Tests;

/// <summary>An HTTP server that stands in for a relay of drand: real rounds of the real chain, and every way to fail.</summary>
public sealed class Relay : IAsyncDisposable
{
    public const string Chain = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

    /// <summary>A round that the League of Entropy published on 15 September 2023.</summary>
    public const long Round = 657413;

    public const string Signature = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b";
    public const string Randomness = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587";

    public static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1692803367 + 3 * (Round - 1));

    readonly WebApplication app;

    Relay(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>What it answers; null for the round as it was published.</summary>
    public Func<HttpContext, Task>? Behaves { get; set; }

    public static async Task<Relay> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var relay = new Relay(builder.Build());
        relay.app.MapGet($"/{Chain}/public/{{round:long}}", (HttpContext http, long round) =>
        {
            relay.Asked++;
            return relay.Behaves is { } behaves ? behaves(http) : Say(Round, Signature, Randomness)(http);
        });
        await relay.app.StartAsync();
        return relay;
    }

    public static Func<HttpContext, Task> Say(long round, string signature, string randomness) =>
        http => http.Response.WriteAsJsonAsync(new { round, randomness, signature });

    public static Func<HttpContext, Task> Fail(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
