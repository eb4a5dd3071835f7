using System.Text.RegularExpressions;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Allocation.Insight;

/// <summary>Whether a question can be asked of this catalogue; every fault with its field, in no language yet.</summary>
public static partial class WhatIfChecks
{
    public const int LeastDraws = 10, MostDraws = 1000, MostChanges = 100, LargestGroup = 1000;

    /// <param name="Text">Name of the text.</param>
    public sealed record Fault(string Field, string? Rule, string Text, params object[] Values);

    public static IEnumerable<Fault> Of(int draws, IReadOnlyList<CatalogueChange> changes, IReadOnlyList<Programme> catalogue)
    {
        if (draws is < LeastDraws or > MostDraws)
        {
            yield return new("draws", null, "Fault.Draws", LeastDraws, MostDraws);
        }
        if (changes.Count > MostChanges)
        {
            yield return new("changes", null, "Fault.TooManyChanges", MostChanges);
            yield break;
        }
        var known = catalogue.ToDictionary(programme => programme.Code, StringComparer.Ordinal);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, change) in changes.Index())
        {
            foreach (var fault in Of(change, known))
            {
                yield return fault with { Field = $"changes[{index}]{fault.Field}" };
            }
            if ((change?.Programme ?? change?.Remove ?? change?.Add?.Code) is { } code && !named.Add(code))
            {
                yield return new($"changes[{index}]", null, "Fault.ChangedTwice", code);
            }
        }
    }

    static IEnumerable<Fault> Of(CatalogueChange? change, Dictionary<string, Programme> known) => change switch
    {
        { Programme: { } code, Remove: null, Add: null } => OfChange(code, change, known),
        { Programme: null, Remove: { } code, Add: null, Minimum: null, Maximum: null } => known.ContainsKey(code) ? [] : [new(".remove", "R7", "UnknownProgramme", code)],
        { Programme: null, Remove: null, Add: { } add, Minimum: null, Maximum: null } => OfAddition(add, known),
        _ => [new("", null, "Fault.OneChange")],
    };

    static IEnumerable<Fault> OfChange(string code, CatalogueChange change, Dictionary<string, Programme> known) =>
        !known.TryGetValue(code, out var programme) ? [new(".programme", "R7", "UnknownProgramme", code)]
        : change is { Minimum: null, Maximum: null } ? [new("", "R2", "Fault.NothingChanged", code)]
        : OfGroup("", change.Minimum ?? programme.Minimum, change.Maximum ?? programme.Maximum);

    static IEnumerable<Fault> OfAddition(AddedProgramme add, Dictionary<string, Programme> known)
    {
        if (!Code().IsMatch(add.Code ?? ""))
        {
            yield return new(".add.code", null, "Fault.Code");
        }
        else if (known.ContainsKey(add.Code!))
        {
            yield return new(".add.code", null, "Fault.CodeTaken", add.Code!);
        }
        if (!known.ContainsKey(add.Like ?? ""))
        {
            yield return string.IsNullOrEmpty(add.Like) ? new(".add.like", null, "Fault.NoLike") : new(".add.like", "R7", "UnknownProgramme", add.Like);
        }
        foreach (var fault in OfGroup(".add", add.Minimum, add.Maximum))
        {
            yield return fault;
        }
    }

    static IEnumerable<Fault> OfGroup(string field, int? minimum, int? maximum)
    {
        if (minimum is null or < 1 or > LargestGroup)
        {
            yield return new($"{field}.minimum", "R2", "Fault.GroupSize", 1, LargestGroup);
        }
        else if (maximum is null or < 1 or > LargestGroup)
        {
            yield return new($"{field}.maximum", "R2", "Fault.GroupSize", 1, LargestGroup);
        }
        else if (minimum > maximum)
        {
            yield return new($"{field}.maximum", "R2", "Fault.GroupOrder", minimum, maximum);
        }
    }

    [GeneratedRegex(@"^[A-Z0-9.-]{1,40}\z")]
    private static partial Regex Code();
}
