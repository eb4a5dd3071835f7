using System.Globalization;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace EPimorfosi.Programmes;

/// <summary>Conditional changes, and pages.</summary>
static class Conditional
{
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
