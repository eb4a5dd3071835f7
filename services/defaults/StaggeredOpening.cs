using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Defaults;

/// <summary>When phase B opens for whom (<see cref="Policy.PhaseBLater"/>). Pure.</summary>
public static partial class StaggeredOpening
{
    /// <param name="later">By code of a cluster or prefecture the minutes.</param>
    public static bool TryParse(string? policy, [NotNullWhen(true)] out IReadOnlyDictionary<string, int>? later)
    {
        var matches = (policy ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Part().Match(part)).ToList();
        later = matches.TrueForAll(match => match.Success) && matches.Select(match => match.Groups[1].Value).Distinct().Count() == matches.Count
            ? matches.ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;
        return later is not null;
    }

    /// <summary>Phase B as it is open for a teacher.</summary>
    public static Phase Of(Period period, string? cluster, IReadOnlyList<string> nomoi)
    {
        if (string.IsNullOrEmpty(period.Policy.PhaseBLater) || !TryParse(period.Policy.PhaseBLater, out var later))
        {
            return period.PhaseB;
        }
        var minutes = Math.Max(Later(cluster ?? ""), nomoi.Count == 0 ? 0 : nomoi.Min(Later));
        return period.PhaseB with { Opens = period.PhaseB.Opens.AddMinutes(minutes) };

        int Later(string code) => later.GetValueOrDefault(code);
    }

    [GeneratedRegex(@"\A([A-Z0-9.-]{1,40})\+(\d{1,4})\z")]
    private static partial Regex Part();
}
