using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Allocation.Seats;

/// <summary>Where a period's phase B stands: it begins with the published draw.</summary>
public sealed class SeatHead
{
    public required string Period { get; init; }

    /// <summary>The draw whose results are the start.</summary>
    public required int Draw { get; init; }

    /// <summary>The request to be decided next.</summary>
    public required long NextOrder { get; init; }

    /// <summary>Lines of the log.</summary>
    public required long Lines { get; init; }

    /// <summary>Hash of the last line.</summary>
    public required string Hash { get; init; }

    /// <summary>R27: phase B is over since then; null before.</summary>
    public DateTimeOffset? RescuedAt { get; init; }
}

/// <summary>A request as applications accepted it, decided or still to be decided.</summary>
public sealed class AcceptedRequest
{
    public required string Period { get; init; }
    public required long Order { get; init; }
    public required long? Sequence { get; init; }
    public required SeatRequestKind Kind { get; init; }
    public required string Ticket { get; init; }
    public required string[] Preferences { get; init; }
    public required DateTimeOffset AcceptedAt { get; init; }
}

/// <summary>Θέση: a ticket's seat as it now stands.</summary>
public sealed class HeldSeat
{
    public required string Period { get; init; }
    public required string Ticket { get; init; }
    public required string Programme { get; init; }
}

/// <summary>A claim that waits for a seat (R23).</summary>
public sealed class HeldClaim
{
    public required string Period { get; init; }
    public required string Ticket { get; init; }
    public required long Sequence { get; init; }
    public required string[] Preferences { get; init; }
}

/// <summary>A line of the claim log (R24).</summary>
public sealed class SeatLine
{
    public required string Period { get; init; }
    public required long Number { get; init; }
    public required long? Order { get; init; }
    public required long? Sequence { get; init; }
    public required string Ticket { get; init; }
    public required string Event { get; init; }
    public required string? Programme { get; init; }
    public required string[] Preferences { get; init; }
    public required string? Rule { get; init; }
    public required string Hash { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Of an offer; kept with it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Προσφορά θέσης (R25).</summary>
public sealed class Offer
{
    public required string Period { get; init; }

    /// <summary>The log's line that made it.</summary>
    public required long Number { get; init; }

    public required string Ticket { get; init; }
    public required string Programme { get; init; }

    /// <summary>The log's word: <c>offered</c> while it is open, then what ended it.</summary>
    public required string State { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
