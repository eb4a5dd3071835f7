namespace EPimorfosi.Applications;

/// <summary>What allocation said of a ticket: a copy for showing and for early answers; allocation is the authority.</summary>
public sealed class Standing
{
    public required string Period { get; init; }
    public required string Ticket { get; init; }

    /// <summary>The draw the outcome is of; 0 while there is none.</summary>
    public int Draw { get; init; }

    /// <summary>The outcome of the draw as published, JSON of the contract.</summary>
    public string? Outcome { get; init; }

    /// <summary>R31: why the office struck the application from the frozen list; null while it stands.</summary>
    public string? StruckReason { get; init; }

    /// <summary>Number of the last strike, or restoring, that was heard of.</summary>
    public int StrikeNumber { get; init; }

    /// <summary>The seat held now; null for none.</summary>
    public string? Seat { get; init; }

    /// <summary>Number of the log line that moved the seat last; 0 for the draw.</summary>
    public long SeatNumber { get; init; }

    /// <summary>The last line of the log about this ticket.</summary>
    public long LastNumber { get; init; }
    public string? LastEvent { get; init; }
    public long? LastSequence { get; init; }
    public string? LastRule { get; init; }
}

/// <summary>A line of the claim log (R24) as allocation published it.</summary>
public sealed class Decision
{
    public required string Period { get; init; }
    public required long Number { get; init; }
    public long? Order { get; init; }
    public long? Sequence { get; init; }
    public required string Ticket { get; init; }
    public required string Event { get; init; }
    public string? Programme { get; init; }
    public string? Rule { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>For <c>offered</c>, until when the seat can be accepted (R25).</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>The draw's results are public: phase B may begin (R20, R22).</summary>
public sealed class DrawResults
{
    public required string Period { get; init; }
    public required int Draw { get; init; }
    public required int Applications { get; init; }
    public required int Placed { get; init; }
    public required string[] BelowMinimum { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }
}
