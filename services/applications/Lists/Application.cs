namespace EPimorfosi.Applications;

/// <summary>Αίτηση: a teacher's place in a period, the ticket and the last version of the ranked list.</summary>
public sealed class Application
{
    public required string Period { get; init; }
    public required string RegistryNumber { get; init; }

    /// <summary>R14: kept through edits, withdrawal and re-application.</summary>
    public required string Ticket { get; init; }

    /// <summary>From 1; 0 for who came in phase B only and has a ticket but no list.</summary>
    public required int Version { get; init; }

    public required string Cluster { get; init; }

    /// <summary>Programme codes in rank order; empty when withdrawn.</summary>
    public required string[] Preferences { get; init; }
    public required bool Withdrawn { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>SHA-256, lower-case hex, of the application's line in the frozen list with its LF: <c>ticket|cluster|CODE1,CODE2</c>.</summary>
    public required string Digest { get; init; }
}

/// <summary>R15: one version of an application, kept for ever.</summary>
public sealed class Receipt
{
    public required string Period { get; init; }
    public required string RegistryNumber { get; init; }
    public required int Version { get; init; }
    public required string Cluster { get; init; }
    public required string[] Preferences { get; init; }
    public required bool Withdrawn { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string Digest { get; init; }

    /// <summary>R31: the person of the office who acted for the teacher, and why; null for the teacher's own act.</summary>
    public string? ActedBy { get; init; }
    public string? ActReason { get; init; }
}

/// <summary>R17: the list of a period as it stood when phase A closed; written once.</summary>
public sealed class Freeze
{
    public required string Period { get; init; }
    public required int Count { get; init; }
    public required string Sha256 { get; init; }
    public required DateTimeOffset FrozenAt { get; init; }
}
