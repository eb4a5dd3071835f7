using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.OutputCaching;

namespace EPimorfosi.Gateway.Guards;

/// <summary>
/// Public pages that thousands look at in one moment are made once a second (<c>Pages:CacheSeconds</c>; 0 for never) and kept as they are sent, packed. Only for who comes without any cookie but that of the
/// language: a page with a form holds that visitor's own token. The clock at its foot is late by no more than that.
/// </summary>
static class PageCache
{
    static readonly string[] Pages = ["/programmes", "/statistics", "/draw"];

    internal static void AddPageCache(this WebApplicationBuilder builder) => builder.Services.AddOutputCache(cache =>
        cache.AddBasePolicy(policy => policy.Expire(Life(builder.Configuration)).SetVaryByQuery("*").SetVaryByHeader("Accept", "Accept-Encoding", "Accept-Language")
            .VaryByValue(context => KeyValuePair.Create("language", context.Request.Cookies[CookieRequestCultureProvider.DefaultCookieName] ?? ""))));

    internal static void UsePageCache(this WebApplication app)
    {
        if (Life(app.Configuration) > TimeSpan.Zero)
        {
            app.UseWhen(context => HttpMethods.IsGet(context.Request.Method) && IsPublic(context.Request), branch => branch.UseOutputCache());
        }
    }

    static TimeSpan Life(IConfiguration configuration) => TimeSpan.FromSeconds(configuration.GetValue("Pages:CacheSeconds", 1.0));

    static bool IsPublic(HttpRequest request) =>
        (request.Path == "/" || Pages.Any(page => request.Path.StartsWithSegments(page)))
        && request.Cookies.Keys.All(name => name == CookieRequestCultureProvider.DefaultCookieName) && !request.Headers.ContainsKey("Authorization");
}
