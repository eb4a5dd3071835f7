namespace EPimorfosi.Gateway.Pages.Proposals;

// What these pages use of the services' answers; as in Records.cs.

/// <param name="State"><c>Proposed</c>, <c>Returned</c>, <c>Approved</c> or <c>Withdrawn</c>.</param>
public sealed record Proposal(
    string Id, string Period, string Code, int Version, string State, string Centre, string CentreName, string Cluster, string Category, string Title, int Minimum, int Maximum, string StartsOn,
    IReadOnlyList<string> Slots, IReadOnlyList<ProposedTrainer> Trainers, IReadOnlyList<string> ExtraPrefectures, string Email, string ProposedBy, DateTimeOffset ProposedAt,
    string? Reason, string? AnsweredBy, DateTimeOffset? AnsweredAt)
{
    /// <summary>The centre may still change it, and take it back.</summary>
    public bool IsOpen => State is "Proposed" or "Returned";
}

public sealed record ProposedTrainer(string? RegistryNumber, int? Hours);
