namespace EPimorfosi.Allocation.Draws;

/// <summary>The states of a draw; there is no way back.</summary>
public enum DrawState { Collecting, Frozen, Committed, Drawn, Published }

/// <summary>A draw from its commitment on (R17). A second one for a period is a new number.</summary>
public sealed class Ceremony
{
    public required string Period { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required int Applications { get; init; }
    public required int Programmes { get; init; }
    public required string ApplicationsSha256 { get; init; }
    public required string ProgrammesSha256 { get; init; }

    /// <summary>Where the randomness is to come from, as in the seed's text.</summary>
    public required string Source { get; init; }

    /// <summary>drand's round, if that is the source.</summary>
    public long? Round { get; init; }

    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>Who of the office did each step (R31).</summary>
    public required string CommittedBy { get; init; }

    public string? Randomness { get; private set; }

    /// <summary>Of drand's round, lower-case hex: what a verifier checks against the chain's public key.</summary>
    public string? Signature { get; private set; }

    /// <summary>Of the round before, for a chain that links its rounds.</summary>
    public string? PreviousSignature { get; private set; }

    public string? Seed { get; private set; }
    public DateTimeOffset? DrawnAt { get; private set; }
    public string? DrawnBy { get; private set; }
    public DateTimeOffset? PublishedAt { get; private set; }
    public string? PublishedBy { get; private set; }

    public DrawState State => PublishedAt is not null ? DrawState.Published : DrawnAt is not null ? DrawState.Drawn : DrawState.Committed;

    public void Run(string randomness, string seed, DrandRound? round, DateTimeOffset at, string by) =>
        (Randomness, Seed, Signature, PreviousSignature, DrawnAt, DrawnBy) = (randomness, seed, round?.Signature, round?.PreviousSignature, at, by);

    public void Publish(DateTimeOffset at, string by) => (PublishedAt, PublishedBy) = (at, by);
}

/// <summary>The reason for a draw after the first (R17): the one before did not come to its end, or its result cannot stand.</summary>
public sealed class Repetition
{
    public required string Period { get; init; }

    /// <summary>The draw it calls for, from 2.</summary>
    public required int Draw { get; init; }

    public required string Reason { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>One of those who give the draw its randomness: a commitment before, what it stands for after (R18).</summary>
public sealed class Custodian
{
    public required string Period { get; init; }
    public required int Draw { get; init; }

    /// <summary>The account that committed; only it may reveal.</summary>
    public required string Subject { get; init; }

    /// <summary>From 1; the order of the reveals in the randomness.</summary>
    public required int Position { get; init; }

    public required string Name { get; init; }
    public required string Commitment { get; set; }
    public required DateTimeOffset CommittedAt { get; set; }
    public string? Reveal { get; private set; }

    /// <summary>A new secret, for who has lost the first; only before the draw is committed to.</summary>
    public void Replace(string commitment, DateTimeOffset at) => (Commitment, CommittedAt) = (commitment, at);

    public void Open(string reveal) => Reveal = reveal;
}

/// <summary>A ticket's outcome in a draw (R16, R19).</summary>
public sealed class DrawnTicket
{
    public required string Period { get; init; }
    public required int Draw { get; init; }

    /// <summary>From 1.</summary>
    public required int Place { get; init; }

    public required string Ticket { get; init; }
    public required string? Programme { get; init; }

    /// <summary>The seat's rank on the list, from 1; 0 for none.</summary>
    public required int Rank { get; init; }

    /// <summary>By listed programme the position among its runners-up, from 1; 0 for no runner-up.</summary>
    public required int[] RunnerUp { get; init; }
}

/// <summary>A programme after a draw.</summary>
public sealed class DrawnProgramme
{
    public required string Period { get; init; }
    public required int Draw { get; init; }
    public required string Code { get; init; }
    public required int Members { get; init; }

    /// <summary>The place that took the last seat; null if seats were left.</summary>
    public required int? CutOff { get; init; }

    public required int RunnersUp { get; init; }

    /// <summary>R20: it goes to phase B.</summary>
    public required bool BelowMinimum { get; init; }
}
