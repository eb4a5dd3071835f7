using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EPimorfosi.Defaults;

/// <summary>Conditional requests: who has this edition of an answer already is told so in a few bytes.</summary>
public static class Editions
{
    /// <summary>304 if the caller has it; else null, and the answer to come carries the tag.</summary>
    public static IResult? NotModified(HttpContext http, string edition)
    {
        var tag = new EntityTagHeaderValue($"\"{edition}\"");
        http.Response.GetTypedHeaders().ETag = tag;
        http.Response.Headers.CacheControl = "public, no-cache"; // kept, but asked about each time
        http.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : null;
    }
}
