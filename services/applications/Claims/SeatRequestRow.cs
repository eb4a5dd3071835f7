using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Applications;

/// <summary>Αίτημα θέσης Β΄ φάσης, the giving up of a seat or the answer to an offer: whatever moves seats in phase B, in its one order (R23).</summary>
public sealed class SeatRequestRow
{
    public required string Period { get; init; }

    /// <summary>Gapless from 1 over all requests.</summary>
    public required long Order { get; init; }

    /// <summary>Gapless from 1 over claims; null for all else.</summary>
    public long? Sequence { get; init; }
    public required SeatRequestKind Kind { get; init; }
    public required string RegistryNumber { get; init; }
    public required string Ticket { get; init; }
    public required string[] Preferences { get; init; }

    /// <summary>The client's, or one of ours, by which a retry after a lost connection finds what was stored.</summary>
    public required string IdempotencyKey { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>R31, as for <see cref="Receipt.ActedBy"/>.</summary>
    public string? ActedBy { get; init; }
    public string? ActReason { get; init; }
}

/// <summary>The last numbers given in a period; its row's lock makes the order of commits the order of numbers.</summary>
public sealed class RequestCounter
{
    public required string Period { get; init; }
    public required long LastOrder { get; init; }
    public required long LastSequence { get; init; }
}
