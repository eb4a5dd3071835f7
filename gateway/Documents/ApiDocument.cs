using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EPimorfosi.Gateway.Guards;
using EPimorfosi.Gateway.Services;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace EPimorfosi.Gateway.Documents;

/// <summary>The whole API in one OpenAPI document, and a page to try it.</summary>
static class ApiDocument
{
    internal static readonly string[] Services = ["Programmes", "Applications", "Allocation", "Notifications"];

    internal static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/v1.json", Document).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/api-docs", Page).AllowAnonymous().ExcludeFromDescription();
        routes.MapScalarApiReference("/api-docs/scalar").AllowAnonymous(); // for its script, bundled in the package; its own page needs inline script
    }

    /// <summary>Scalar, from our own origin alone: it takes the nonce for the style sheet that it makes.</summary>
    static IResult Page(HttpContext context)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy = $"{SecurityHeaders.Policy}; style-src 'self' 'nonce-{nonce}'";
        return Results.Content($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta property="csp-nonce" content="{nonce}">
              <title>e-Epimorfosi API</title>
              <link rel="icon" href="/icon.svg" type="image/svg+xml">
            </head>
            <body>
              <main id="api"></main>
              <noscript><a href="/openapi/v1.json">/openapi/v1.json</a></noscript>
              <script src="/api-docs/scalar/scalar.js" defer></script>
              <script src="/api-docs.js" defer></script>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }

    static async Task<IResult> Document(
        [FromKeyedServices("v1")] IOpenApiDocumentProvider own, ServiceDocuments services, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var document = await own.GetOpenApiDocumentAsync(cancellationToken);
        var whole = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken))!.AsObject();
        var missing = new JsonArray();
        foreach (var (name, part) in await services.All(cancellationToken))
        {
            if (part is null)
            {
                missing.Add((JsonNode)name);
            }
            else
            {
                Merged.Add(whole, name, part);
            }
        }
        whole["info"] = new JsonObject
        {
            ["title"] = "e-Epimorfosi",
            ["version"] = "1",
            ["description"] = missing.Count == 0 ? "The whole public interface." : $"Not all of it: not reachable at the moment are {string.Join(", ", missing.Select(name => name!.GetValue<string>()))}.",
        };
        whole["x-not-reachable"] = missing;
        whole["servers"] = new JsonArray(new JsonObject { ["url"] = configuration["PublicAddress"] ?? "/" });
        return Results.Text(whole.ToJsonString(), "application/json");
    }
}

/// <summary>The services' own documents, asked for at most once a minute each.</summary>
sealed class ServiceDocuments(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock)
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, (string Json, DateTimeOffset At)> known = new();

    /// <returns>By the service's name; null where it does not answer.</returns>
    public async Task<IReadOnlyList<(string Service, JsonObject? Document)>> All(CancellationToken cancellationToken) =>
        await Task.WhenAll(ApiDocument.Services.Select(async name => (name, await Of(name, cancellationToken))));

    async Task<JsonObject?> Of(string service, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(service, out var held) || clock.GetUtcNow() - held.At > Fresh)
        {
            try
            {
                using var client = clients.CreateClient(nameof(ServiceDocuments));
                held = (await client.GetStringAsync(new Uri(ServiceAddresses.Of(configuration, service)[0], "/openapi/v1.json"), cancellationToken), clock.GetUtcNow());
                known[service] = held;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
        return JsonNode.Parse(held.Json) as JsonObject;
    }
}
