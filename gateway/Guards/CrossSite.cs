using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Gateway.Guards;

/// <summary>
/// Refuses what another site's page makes a browser send: unsafe calls of the API without an Authorization header, where the browser says
/// that they come from elsewhere. With it stands SameSite=Lax of the cookie; the pages' own forms carry an antiforgery token.
/// </summary>
static class CrossSite
{
    internal static void UseCrossSiteRefusal(this WebApplication app)
    {
        var own = app.Configuration["PublicAddress"] is { Length: > 0 } address ? new Uri(address).GetLeftPart(UriPartial.Authority) : null;
        app.Use(async (context, next) =>
        {
            var request = context.Request;
            if (request.Path.StartsWithSegments("/api") && IsUnsafe(request.Method) && !request.Headers.ContainsKey("Authorization") && ComesFromElsewhere(request, own))
            {
                var text = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
                await Problems.Refuse(StatusCodes.Status403Forbidden, "cross-site", text["CrossSite"]).ExecuteAsync(context);
                return;
            }
            await next(context);
        });
    }

    static bool IsUnsafe(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method);

    internal static bool ComesFromElsewhere(HttpRequest request, string? own)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is not ("same-origin" or "none");
        }
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != own && origin != $"{request.Scheme}://{request.Host}";
    }
}
