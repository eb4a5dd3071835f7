using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Notifications.Incoming;

/// <summary>Who calls us from outside proves that it knows the secret.</summary>
public static class Signature
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary><c>X-Signature: t={unix seconds},v1={hex of HMAC-SHA256 of "t.body"}</c>, not older than some minutes.</summary>
    public static bool IsOf(byte[] body, string? header, string? secret, DateTimeOffset now)
    {
        var parts = (header ?? "").Split(',').Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        return !string.IsNullOrEmpty(secret)
            && parts.TryGetValue("t", out var t) && long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 100_000_000_000
            && (now - DateTimeOffset.FromUnixTimeSeconds(at)).Duration() < Patience
            && parts.TryGetValue("v1", out var v1) && Same(v1.ToLowerInvariant(), Of(body, at, secret));
    }

    /// <summary>The hexadecimal part of the header, for who sends.</summary>
    public static string Of(byte[] body, long at, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"{at.ToString(CultureInfo.InvariantCulture)}."), .. body]));

    /// <summary>Twilio's way: base64 of HMAC-SHA1, by the account's token, of the address and each field with its value in order of names.</summary>
    public static bool IsOfForm(Uri address, IEnumerable<KeyValuePair<string, string>> fields, string? header, string? token) =>
        !string.IsNullOrEmpty(token) && header is not null && Same(header, OfForm(address, fields, token));

    public static string OfForm(Uri address, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        var text = address + string.Concat(fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value));
#pragma warning disable CA5350 // The provider's choice; HMAC does not need what SHA-1 lost.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
