using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Documents;
using EPimorfosi.Gateway.Guards;
using EPimorfosi.Gateway.Pages.My;
using EPimorfosi.Gateway.Services;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;

namespace EPimorfosi.Gateway.Pages;

/// <summary>The pages, rendered here; none needs script.</summary>
static class PagesSetup
{
    internal static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ErrorsAsPages>()); // the first that can write, writes
        builder.WebHost.UseStaticWebAssets(); // as built, too, not only as published
        builder.Services.AddRazorComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // Greek as it is, not as entities
        builder.Services.AddCompression();
        builder.Services.AddSingleton<ServiceDocuments>();
        builder.AddPublicData();
        builder.Services.AddSingleton<Drafts.DraftStore>();
        builder.Services.AddSingleton<News.NewsData>();
        builder.Services.AddHttpClient(nameof(ServiceDocuments), client => client.Timeout = TimeSpan.FromSeconds(5));
    }

    internal static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().Add(OwnPolicies);
        app.MapGet("/language/{language}", Language).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/my/start", (HttpContext context) => Results.LocalRedirect(FirstPage(context.User))).AllowAnonymous().ExcludeFromDescription();
        app.MapOwnFiles();
        app.MapPost("/sign-out", SignOut).AllowAnonymous().ExcludeFromDescription();
        app.MapFallback("{*path}", () => Results.NotFound()).AllowAnonymous().ExcludeFromDescription();
    }

    static string FirstPage(System.Security.Claims.ClaimsPrincipal user) =>
        user.Is(Policies.Teacher) ? "/my" : user.Is(Policies.Centre) || user.Is(Policies.Trainer) ? "/centre" : "/";

    /// <summary>Pages are anybody's, but for those that name a policy.</summary>
    static void OwnPolicies(EndpointBuilder page)
    {
        if (page.Metadata.OfType<IAuthorizeData>().Any())
        {
            foreach (var anybody in page.Metadata.OfType<IAllowAnonymous>().ToArray())
            {
                page.Metadata.Remove(anybody);
            }
        }
    }

    /// <summary>Remembers the language for a year and leads back.</summary>
    static IResult Language(string language, HttpContext context, string? @return)
    {
        var culture = new RequestCulture(new CultureInfo(language == "en" ? "en-GB" : "el-GR"));
        context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(culture), new()
        {
            MaxAge = TimeSpan.FromDays(365),
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            IsEssential = true,
        });
        return Results.LocalRedirect(Local(@return));
    }

    static async Task<IResult> SignOut(HttpContext context, IAntiforgery antiforgery, SignInManager<Account> signIn)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }
        await signIn.SignOutAsync();
        return Results.LocalRedirect("/");
    }

    /// <summary>A path of ours; the start page for anything that would lead elsewhere.</summary>
    internal static string Local(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : "/";
}
