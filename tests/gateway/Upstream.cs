using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A server in the services' place: tells what reached it, or answers what the test gives it for a path.</summary>
public sealed class Upstream : IAsyncDisposable
{
    readonly WebApplication server;

    Upstream(WebApplication server) => this.server = server;

    public string Address => server.Urls.First();

    /// <summary>By path, or by method and path: the JSON to answer with, or null for a 409 with a problem.</summary>
    public ConcurrentDictionary<string, string?> Answers { get; } = new();

    /// <summary>By path the status of its answer, where it is not 200.</summary>
    public ConcurrentDictionary<string, int> Statuses { get; } = new();

    /// <summary>Bodies that reached a known path, with the method.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body)> Sent { get; } = new();

    /// <summary>By path the tag of its answer.</summary>
    public ConcurrentDictionary<string, string> Tags { get; } = new();

    /// <summary>Paths of a stream that never ends; what it says is written into <see cref="Says"/>.</summary>
    public ConcurrentDictionary<string, bool> Streams { get; } = new();

    public Channel<string> Says { get; } = Channel.CreateUnbounded<string>();

    public static async Task<Upstream> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var upstream = new Upstream(builder.Build());
        upstream.server.Run(upstream.Answer);
        await upstream.server.StartAsync();
        return upstream;
    }

    async Task Answer(HttpContext context)
    {
        if (Streams.ContainsKey(context.Request.Path))
        {
            await Stream(context);
            return;
        }
        if (Answers.TryGetValue($"{context.Request.Method} {context.Request.Path}", out var known) || Answers.TryGetValue(context.Request.Path, out known))
        {
            if (context.Request.Method is not "GET")
            {
                using var reader = new StreamReader(context.Request.Body);
                Sent.Enqueue((context.Request.Method, context.Request.Path, await reader.ReadToEndAsync()));
            }
            if (Tags.TryGetValue(context.Request.Path, out var tag))
            {
                context.Response.Headers.ETag = tag;
            }
            context.Response.StatusCode = known is null ? 409 : Statuses.GetValueOrDefault(context.Request.Path, 200);
            context.Response.ContentType = known is null ? "application/problem+json" : "application/json";
            await context.Response.WriteAsync(known ?? """{"title":"Όχι τώρα","detail":"Γιατί όχι."}""");
            return;
        }
        if (!context.Request.Path.StartsWithSegments("/api/applications"))
        {
            context.Response.StatusCode = 404;
            return;
        }
        var length = 0L;
        var buffer = new byte[1 << 16];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
        {
            length += read;
        }
        await context.Response.WriteAsJsonAsync(new Arrived(
            context.Request.Path, length, context.Request.Headers.Authorization.ToString(), context.Request.Headers.Cookie.ToString(), context.Request.Headers["traceparent"].ToString()));
    }

    async Task Stream(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store, no-cache";
        await context.Response.WriteAsync($": {context.Request.Headers["Last-Event-ID"]}{context.Request.QueryString}\n\n");
        await context.Response.Body.FlushAsync();
        try
        {
            await foreach (var said in Says.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(said, context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader left.
        }
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}

/// <summary>What reached the service.</summary>
public record Arrived(string Path, long Length, string Authorization, string Cookie, string Traceparent)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Token => Authorization["Bearer ".Length..];
}
