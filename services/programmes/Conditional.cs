using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace EPimorfosi.Programmes;

/// <summary>Conditional changes, and pages.</summary>
static class Conditional
{
    /// <summary>Whether the caller would change what it has seen: true without <c>If-Match</c>; <c>"0"</c> is what is not there yet.</summary>
    public static bool Matches(HttpContext http, int? version)
    {
        var seen = http.Request.GetTypedHeaders().IfMatch;
        var tag = new EntityTagHeaderValue($"\"{(version ?? 0).ToString(CultureInfo.InvariantCulture)}\"");
        return seen.Count == 0 || seen.Any(known => known.Equals(EntityTagHeaderValue.Any) ? version is not null : known.Compare(tag, useStrongComparison: true));
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
