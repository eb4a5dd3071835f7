using System.Collections.Concurrent;
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

    /// <summary>By path and query: the JSON to answer with, or null for a 409 with a problem.</summary>
    public ConcurrentDictionary<string, string?> Answers { get; } = new();

    /// <summary>By path the status of its answer, where it is not 200.</summary>
    public ConcurrentDictionary<string, int> Statuses { get; } = new();

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
        if (Answers.TryGetValue(context.Request.Path, out var known))
        {
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

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}

/// <summary>What reached the service.</summary>
public record Arrived(string Path, long Length, string Authorization, string Cookie, string Traceparent)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Token => Authorization["Bearer ".Length..];
}
