using EPimorfosi.Allocation.Draws;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Every order there is, and a draw in a given order that shares no code with the service.</summary>
static class InsightOrders
{
    public static IEnumerable<int[]> All(int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }
        foreach (var shorter in All(count - 1))
        {
            for (var at = 0; at < count; at++)
            {
                yield return [.. shorter[..at], count - 1, .. shorter[at..]];
            }
        }
    }

    public static long Factorial(int count) => Enumerable.Range(1, count).Aggregate(1L, (product, factor) => product * factor);

    /// <returns>By application the rank got, 0 for none.</returns>
    public static int[] Ranks(IReadOnlyList<DrawProgramme> programmes, IReadOnlyList<string[]> lists, IEnumerable<int> order)
    {
        var free = programmes.ToDictionary(programme => programme.Code, programme => programme.Maximum);
        var ranks = new int[lists.Count];
        foreach (var application in order)
        {
            ranks[application] = Array.FindIndex(lists[application], code => free[code] > 0) + 1;
            if (ranks[application] > 0)
            {
                free[lists[application][ranks[application] - 1]]--;
            }
        }
        return ranks;
    }

    /// <summary>The instance cut to its first applications.</summary>
    public static DrawInstance First(this DrawInstance instance, int applications) => instance with { Arrivals = [.. instance.Arrivals.Take(applications)] };

    /// <summary>The lists in the order of the book's applications.</summary>
    public static string[][] Lists(this DrawInstance instance) =>
        [.. instance.Arrivals.OrderBy(arrival => arrival.Ticket, StringComparer.Ordinal).Select(arrival => arrival.Preferences)];
}
