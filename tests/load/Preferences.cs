namespace EPimorfosi.Load;

/// <summary>
/// Plausible wishes, after what real preference data look like: a few favourites that many want, much personal taste, the near before the
/// far, lists of different lengths with a long tail.
/// </summary>
public static class Preferences
{
    /// <summary>A list for phase A: IIa before IIb (R13), either part may be missing.</summary>
    public static string[] Ranked(Random random, Teacher teacher, IEnumerable<Offering> allowed, IReadOnlyDictionary<string, double> popularity)
    {
        var byTaste = allowed.Select(offering => (offering, Liking: Liking(random, teacher, offering, popularity)))
            .OrderByDescending(one => one.Liking).Select(one => one.offering).ToList();
        var length = Length(random);
        var near = random.NextDouble() < 0.75 ? byTaste.Where(offering => offering.Category == "IIa").Take(Math.Max(1, length / 2)).ToList() : [];
        var list = near.Concat(byTaste.Where(offering => offering.Category == "IIb").Take(length - near.Count)).ToList();
        return [.. (list.Count > 0 ? list : byTaste.Take(length)).Select(offering => offering.Code)];
    }

    /// <summary>A list for phase B: whatever has free seats first, in the order of taste, sometimes an old favourite in front.</summary>
    public static string[] ForClaim(Random random, Teacher teacher, IEnumerable<Offering> allowed, IReadOnlyDictionary<string, double> popularity, IReadOnlyDictionary<string, int> free)
    {
        var byTaste = allowed.OrderByDescending(offering => Liking(random, teacher, offering, popularity)).Select(offering => offering.Code).ToList();
        var favourites = random.NextDouble() < 0.4 ? byTaste.Take(1 + random.Next(2)).ToList() : [];
        var sure = byTaste.Where(code => free.GetValueOrDefault(code) > 0).Take(random.NextDouble() < 0.8 ? 4 : 0);
        var list = favourites.Concat(sure).Distinct().ToArray();
        return list.Length > 0 ? list : [.. byTaste.Take(2)];
    }

    /// <summary>Normally distributed (Box and Muller).</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static double Liking(Random random, Teacher teacher, Offering offering, IReadOnlyDictionary<string, double> popularity) =>
        popularity[offering.Code] + (teacher.Schools.Any(school => school.Prefecture == offering.Centre.Prefecture) ? 1.5 : 0)
        - Math.Log(-Math.Log(1 - random.NextDouble() * 0.999999)); // Gumbel: the noise that makes sorted utilities a logit choice

    /// <summary>At least 1, four on average, now and then ten.</summary>
    static int Length(Random random)
    {
        var length = 1;
        while (length < 10 && random.NextDouble() < 0.72)
        {
            length++;
        }
        return length;
    }
}
