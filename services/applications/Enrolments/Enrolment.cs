namespace EPimorfosi.Applications;

/// <summary>Εγγραφή (R28): a placed teacher's last word on the seat.</summary>
public sealed class Enrolment
{
    public required string Period { get; init; }
    public required string RegistryNumber { get; init; }
    public required string Ticket { get; init; }
    public required string Programme { get; init; }
    public required bool Confirmed { get; init; }
    public required DateTimeOffset AnsweredAt { get; init; }

    /// <summary>R31, as for <see cref="Receipt.ActedBy"/>.</summary>
    public string? ActedBy { get; init; }
    public string? ActReason { get; init; }
}
