using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using EPimorfosi.Gateway.Guards;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>A form that was sent when the session had ended: kept, packed and sealed, in cookies of the browser that sent it, and put before its owner again once they have signed in.</summary>
sealed record KeptForm(string Path, IReadOnlyList<KeyValuePair<string, string>> Fields);

sealed class KeptForms(IDataProtectionProvider protection)
{
    internal const string Cookie = "epimorfosi-kept", Page = "/continue";
    const int Longest = 12_000, LongestSent = 64_000, MostFields = 60; // a page of text; a request's headers may have 32 kB in all
    static readonly TimeSpan Life = TimeSpan.FromHours(1);
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // Greek as it is, for nobody but us
    static readonly ChunkingCookieManager Cookies = new();

    readonly ITimeLimitedDataProtector protector = protection.CreateProtector("kept form").ToTimeLimitedDataProtector();

    /// <returns>Whether the form of this request is now kept: only one of our own pages, without passwords and files, and not a long one.</returns>
    public async Task<bool> Keep(HttpContext http)
    {
        var request = http.Request;
        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true
            || request.ContentLength is null or > LongestSent || CrossSite.ComesFromElsewhere(request, null))
        {
            return false;
        }
        var form = await request.ReadFormAsync(http.RequestAborted);
        var fields = form.Where(field => field.Key != "__RequestVerificationToken").SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value ?? "")).ToArray();
        if (fields.Length > MostFields || fields.Any(field => field.Key.Contains("password", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }
        var kept = Seal(new(request.Path + request.QueryString, fields));
        if (kept.Length > Longest)
        {
            return false;
        }
        Cookies.AppendResponseCookie(http, Cookie, kept, Options(http));
        return true;
    }

    public KeptForm? Of(HttpContext http)
    {
        try
        {
            return Cookies.GetRequestCookie(http, Cookie) is { Length: > 0 } kept ? Open(kept) : null;
        }
        catch (Exception fault) when (fault is System.Security.Cryptography.CryptographicException or FormatException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext http) => Cookies.DeleteCookie(http, Cookie, Options(http));

    string Seal(KeptForm form)
    {
        using var packed = new MemoryStream();
        using (var pack = new BrotliStream(packed, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(pack, form, Plain);
        }
        return WebEncoders.Base64UrlEncode(protector.Protect(packed.ToArray(), Life));
    }

    KeptForm? Open(string kept)
    {
        using var unpack = new BrotliStream(new MemoryStream(protector.Unprotect(WebEncoders.Base64UrlDecode(kept))), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<KeptForm>(unpack);
    }

    static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, MaxAge = Life, IsEssential = true };
}
