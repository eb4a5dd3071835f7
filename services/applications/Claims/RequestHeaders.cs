using System.Text.RegularExpressions;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>What clients of phase B say in headers.</summary>
static partial class RequestHeaders
{
    /// <summary>The client's <c>Idempotency-Key</c>, or a new one of ours; false if it is not 1 to 200 visible ASCII characters.</summary>
    public static bool TryKey(HttpContext http, out string key)
    {
        string? given = http.Request.Headers["Idempotency-Key"];
        key = given ?? Guid.NewGuid().ToString("N");
        return given is null || Visible().IsMatch(given);
    }

    /// <summary>Seconds of <c>Prefer: wait=N</c>, at most 30; null for no wait.</summary>
    public static TimeSpan? Patience(HttpContext http) =>
        http.Request.Headers["Prefer"] is { Count: > 0 } prefer && Wait().Match(prefer.ToString()) is { Success: true } match && int.TryParse(match.Groups[1].Value, out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 30))
            : null;

    /// <summary>The queue is full: nothing was taken.</summary>
    public static IResult Busy(HttpContext http, IStringLocalizer<Texts> text)
    {
        http.Response.Headers.RetryAfter = "1";
        return Problems.Refuse(StatusCodes.Status503ServiceUnavailable, "try-again", text["Busy"], text["Busy.Detail"]);
    }

    [GeneratedRegex(@"^[\x21-\x7e]{1,200}\z")]
    private static partial Regex Visible();

    [GeneratedRegex(@"(?:^|[\s,;])wait=(\d{1,3})(?:$|[\s,;])", RegexOptions.IgnoreCase)]
    private static partial Regex Wait();
}
