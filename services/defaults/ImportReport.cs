using System.Globalization;

namespace EPimorfosi.Defaults;

/// <summary>What an import did, or would have done had no line been rejected.</summary>
public sealed class ImportReport
{
    const int Listed = 1000;
    const int Shown = 200;
    readonly List<ImportFault> faults = [];
    readonly List<ImportChange> changes = [];

    public int Created { get; set; }
    public int Updated { get; set; }
    public int Unchanged { get; set; }

    /// <summary>Lines whose contacts were left as the person themselves corrected them (R29).</summary>
    public int ContactsKept { get; set; }

    /// <summary>Lines rejected, all of them.</summary>
    public int Rejected { get; set; }

    /// <summary>The first two hundred changes.</summary>
    public IReadOnlyList<ImportChange> Changes => changes;

    /// <summary>The first thousand faults.</summary>
    public IReadOnlyList<ImportFault> Faults => faults;

    /// <summary>Records a fault of a rejected line; the line itself is counted by <see cref="Rejected"/>.</summary>
    public void Add(int line, string? column, string reason, string? rule = null)
    {
        if (faults.Count < Listed)
        {
            faults.Add(new(line, column, reason, rule));
        }
    }

    /// <summary>Records what a line creates (<paramref name="before"/> is null) or changes: its values in the order of the columns.</summary>
    public void Changed(int line, string key, string[] columns, string?[]? before, string?[] after)
    {
        if (changes.Count < Shown)
        {
            changes.Add(new(line, key, before is null, [.. columns.Select((column, index) => new ImportedValue(column, before?[index], after[index]))
                .Where(value => before is null ? !string.IsNullOrEmpty(value.After) : (value.Before ?? "") != (value.After ?? ""))]));
        }
    }

    /// <summary>For the record of who imported what.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Counts => string.Create(CultureInfo.InvariantCulture, $"created: {Created}; updated: {Updated}; unchanged: {Unchanged}; rejected: {Rejected}");
}

/// <summary>What a line creates, or changes.</summary>
/// <param name="Key">What the line is about.</param>
public record ImportChange(int Line, string Key, bool Created, IReadOnlyList<ImportedValue> Values);

/// <param name="Before">Null for what is created.</param>
public record ImportedValue(string Column, string? Before, string? After);

/// <param name="Column">Null where the fault is of the whole line.</param>
/// <param name="Rule">Such as R3, where a rule of the domain refuses.</param>
public record ImportFault(int Line, string? Column, string Reason, string? Rule = null);
