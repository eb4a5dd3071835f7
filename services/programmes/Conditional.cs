using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace EPimorfosi.Programmes;

/// <summary>Conditional requests: an answer carries its ETag, and who has it already is told so in a few bytes.</summary>
static class Conditional
{
    /// <summary>304 if the caller has this edition; else null, and the answer to come carries the tag.</summary>
    public static IResult? NotModified(HttpContext http, string edition)
    {
        var tag = new EntityTagHeaderValue($"\"{edition}\"");
        http.Response.GetTypedHeaders().ETag = tag;
        http.Response.Headers.CacheControl = "public, no-cache"; // kept, but asked about each time: a change shows at once
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : null;
    }

    /// <summary>Whether the caller would change what it has seen: true without <c>If-Match</c>.</summary>
    public static bool Matches(HttpContext http, int? version)
    {
        var seen = http.Request.GetTypedHeaders().IfMatch;
        var tag = version is { } number ? new EntityTagHeaderValue($"\"{number.ToString(CultureInfo.InvariantCulture)}\"") : null;
        return seen.Count == 0 || (tag is not null && seen.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: true)));
    }

    /// <summary>Pages from 1, of at most 500.</summary>
    public static async Task<Paged<T>> ToPage<T>(this IQueryable<T> rows, int page, int pageSize, CancellationToken cancellationToken)
    {
        (page, pageSize) = (Math.Max(page, 1), Math.Clamp(pageSize, 1, 500));
        var total = await rows.LongCountAsync(cancellationToken);
        var items = await rows.Skip((int)Math.Min((page - 1L) * pageSize, int.MaxValue)).Take(pageSize).ToListAsync(cancellationToken);
        return new(items, page, pageSize, total);
    }
}
