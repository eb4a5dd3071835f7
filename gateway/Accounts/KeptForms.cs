using System.Text.Json;
using EPimorfosi.Gateway.Guards;
using Microsoft.AspNetCore.DataProtection;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>A form that was sent when the session had ended: kept, sealed, in a cookie of the browser that sent it, and put before its owner again once they have signed in.</summary>
sealed record KeptForm(string Path, IReadOnlyList<KeyValuePair<string, string>> Fields);

sealed class KeptForms(IDataProtectionProvider protection)
{
    internal const string Cookie = "epimorfosi-kept", Page = "/continue";
    const int Longest = 3000, MostFields = 60;
    static readonly TimeSpan Life = TimeSpan.FromHours(1);

    readonly ITimeLimitedDataProtector protector = protection.CreateProtector("kept form").ToTimeLimitedDataProtector();

    /// <returns>Whether the form of this request is now kept: only one of our own pages, without passwords and files, and not a long one.</returns>
    public async Task<bool> Keep(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true
            || request.ContentLength is null or > Longest * 2 || CrossSite.ComesFromElsewhere(request, null))
        {
            return false;
        }
        var form = await request.ReadFormAsync(http.RequestAborted);
        var fields = form.Where(field => field.Key != "__RequestVerificationToken").SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value ?? "")).ToArray();
        if (fields.Length > MostFields || fields.Any(field => field.Key.Contains("password", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }
        var kept = protector.Protect(JsonSerializer.Serialize(new KeptForm(request.Path + request.QueryString, fields)), Life);
        if (kept.Length > Longest)
        {
            return false;
        }
        http.Response.Cookies.Append(Cookie, kept, Options(http));
        return true;
    }

    public KeptForm? Of(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[Cookie] is { Length: > 0 } kept ? JsonSerializer.Deserialize<KeptForm>(protector.Unprotect(kept)) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options(http));

    static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, MaxAge = Life, IsEssential = true };
}
