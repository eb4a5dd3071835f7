namespace EPimorfosi.Allocation.Draws;

/// <summary>Something the office did to a list by hand, with its reason and its author (R31). Nothing of this is ever changed or taken away.</summary>
public sealed class Strike
{
    public required string Period { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The draw whose list it is.</summary>
    public required int Draw { get; init; }

    public required string Ticket { get; init; }

    /// <summary>False where an earlier strike was taken back.</summary>
    public required bool Struck { get; init; }

    public required string Reason { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The list after it.</summary>
    public required int Applications { get; init; }
    public required string ApplicationsSha256 { get; init; }
}
