using System.Globalization;
using System.Text.Json.Serialization;

namespace EPimorfosi.Bench;

/// <summary>A comparison of two sides of one run; the goal is for the ratio, and null for a figure that has none.</summary>
public sealed record Row(string Name, string Ours, string Reference, double Ratio, double? Goal, bool Met)
{
    /// <summary>Whether the ratio must come to the goal; else it must not go above it.</summary>
    [JsonIgnore]
    public bool AtLeast { get; init; }

    /// <summary>Times: the less the better.</summary>
    public static Row Of(string name, IEnumerable<TimeSpan> ours, IEnumerable<TimeSpan> reference, double? goal)
    {
        var (mine, other) = (Median(ours), Median(reference));
        return new(name, Text(mine), Text(other), Math.Round(mine / other, 3), goal, goal is null || mine / other <= goal);
    }

    /// <summary>Rates a second: the more the better.</summary>
    public static Row Rates(string name, IEnumerable<double> ours, IEnumerable<double> reference, double? goal)
    {
        var (mine, other) = (Median(ours), Median(reference));
        return new(name, Rate(mine), Rate(other), Math.Round(mine / other, 3), goal, goal is null || mine / other >= goal) { AtLeast = true };
    }

    public static T Median<T>(IEnumerable<T> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : default!;

    public static string Text(TimeSpan time) =>
        time.TotalSeconds >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.#} ms");

    static string Rate(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s");
}
