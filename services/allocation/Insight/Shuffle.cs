namespace EPimorfosi.Allocation.Insight;

/// <summary>
/// Orders of chance for simulated draws, always the same ones for the same number: replicas agree, an estimate does not flicker, and two books are
/// compared under the same luck. The real draw has its order from its seed and from nothing else (R16, R17).
/// </summary>
public sealed class Shuffle
{
    readonly int[] order;
    ulong state;

    public Shuffle(int count, ulong seed = 1)
    {
        order = [.. Enumerable.Range(0, count)];
        state = seed;
    }

    /// <summary>The next order of the numbers from 0; valid until the one after it.</summary>
    public ReadOnlySpan<int> Next()
    {
        for (var last = order.Length - 1; last > 0; last--)
        {
            var other = (int)Math.BigMul(Number(), (ulong)last + 1, out _);
            (order[last], order[other]) = (order[other], order[last]);
        }
        return order;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood, 2014).</summary>
    ulong Number()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
