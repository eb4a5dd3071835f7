using EPimorfosi.Gateway.Accounts;
using Microsoft.AspNetCore.ResponseCompression;

namespace EPimorfosi.Gateway.Guards;

/// <summary>What every response tells the browser, and which ones are compressed.</summary>
static class SecurityHeaders
{
    /// <summary>Everything from our own origin; the style sheet's few icons are data.</summary>
    internal const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    internal static void UseSecurityHeaders(this WebApplication app)
    {
        var https = app.Configuration["PublicAddress"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.Remove("Server"); // a service's
                headers.Remove("blazor-enhanced-nav"); // for a script that we do not have
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                if (headers.ContentSecurityPolicy.Count == 0)
                {
                    headers.ContentSecurityPolicy = Policy;
                }
                if (https)
                {
                    headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
                }
                if (CacheControl(context) is { } cache)
                {
                    headers.CacheControl = cache;
                }
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    static string? CacheControl(HttpContext context) => context.Response switch
    {
        _ when context.Request.Path.Value?.EndsWith(".woff2", StringComparison.Ordinal) == true => "public, max-age=604800", // named by the style sheet without a fingerprint
        { Headers.CacheControl.Count: > 0 } => null,
        _ when context.User.Identity?.IsAuthenticated == true => "private, no-store",
        { ContentType: "text/html; charset=utf-8" } => "private, no-cache", // in the reader's language
        _ => null,
    };

    /// <summary>
    /// A response to someone signed in may hold secrets beside what an attacker made them ask (BREACH): those go uncompressed. Static files are
    /// compressed at build.
    /// </summary>
    internal static void UseCompressionOfPublicResponses(this WebApplication app) => app.UseWhen(
        context => !context.Request.Headers.ContainsKey("Authorization") && !context.Request.Cookies.ContainsKey(AccountsSetup.Cookie),
        anonymous => anonymous.UseResponseCompression());

    internal static void AddCompression(this IServiceCollection services) => services.AddResponseCompression(compression =>
    {
        compression.EnableForHttps = true;
        compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/problem+json", "text/csv"];
    });
}
