using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EPimorfosi.Notifications.Tests;

/// <summary>An SMS provider that takes all, or answers as it is told to.</summary>
public sealed class SmsPeer : IAsyncDisposable
{
    readonly WebApplication server;
    readonly ConcurrentQueue<string> arrived = new();
    int taken;

    SmsPeer(WebApplication server) => this.server = server;

    public string Address => $"{server.Urls.First()}/send";

    /// <summary>How many were taken, that is, answered with a 2xx.</summary>
    public int Taken => taken;

    /// <summary>By its reference, each that reached the provider and was not refused, whether or not the answer came back in time.</summary>
    public IReadOnlyList<string> Arrived => [.. arrived];

    /// <summary>Its answer to the n-th message, from 1, given how many requests for it came before: status, body, and after how long.</summary>
    public Func<int, int, (int Status, string Body, TimeSpan After)> Treat { get; set; } = (_, _) => (202, "{}", default);

    public static async Task<SmsPeer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        var peer = new SmsPeer(builder.Build());
        var (numbers, tries) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, int>());
        peer.server.MapPost("/send", async (HttpContext http) =>
        {
            var reference = http.Request.Headers["Idempotency-Key"].ToString();
            var (status, body, after) = peer.Treat(numbers.GetOrAdd(reference, _ => numbers.Count + 1), tries.AddOrUpdate(reference, 0, (_, n) => n + 1));
            if (status < 300)
            {
                peer.arrived.Enqueue(reference);
            }
            await Task.Delay(after, http.RequestAborted);
            _ = status < 300 ? Interlocked.Increment(ref peer.taken) : 0;
            return Results.Text(body, statusCode: status);
        });
        await peer.server.StartAsync();
        return peer;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
