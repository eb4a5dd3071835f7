using System.Text.Json.Serialization;

namespace EPimorfosi.Gateway.Services;

// What the teacher's pages use of the services' answers; as in Records.cs.

/// <param name="Clusters">R11: those the teacher may choose from.</param>
/// <param name="Faults">What keeps the teacher out of every programme.</param>
/// <param name="PhaseBOpens">When phase B opens for this teacher, by cluster.</param>
sealed record OwnOptions(IReadOnlyList<Option> Items, IReadOnlyList<string> Clusters, IReadOnlyList<RuleFault> Faults, IReadOnlyDictionary<string, DateTimeOffset>? PhaseBOpens = null)
{
    /// <summary>With a list, for the list's cluster (R11); else for the earliest of those that may be chosen.</summary>
    internal DateTimeOffset Opening(Period period, IEnumerable<string> listed) => PhaseBOpens is not { Count: > 0 } openings ? period.PhaseB.Opens
        : listed.Select(code => Items.FirstOrDefault(option => option.Code == code)?.Cluster).OfType<string>().Where(openings.ContainsKey).Select(cluster => openings[cluster]).FirstOrDefault(openings.Values.Min());
}

/// <param name="HeldBy">Periods under way in which the teacher has a part.</param>
sealed record OwnErasure(IReadOnlyList<string> HeldBy);

/// <summary>R7: a programme of the teacher's cluster; where not <paramref name="Allowed"/>, with the rule and the reason.</summary>
public sealed record Option(
    string Code, string Cluster, string Category, string Title, string CentreName, string Prefecture, IReadOnlyList<string> Slots, DateOnly? StartsOn,
    int Minimum, int Maximum, bool Allowed, string? Rule, string? Reason);

/// <summary>One thing that is wrong: by a rule, or with a field.</summary>
public sealed record RuleFault(string? Rule, string? Programme, string? Field, string Reason, string? Key);

/// <summary>A problem in the reader's words; all null while the service does not answer.</summary>
/// <param name="Status">0 while the service does not answer.</param>
public sealed record Refused(string? Title, string? Detail, int Status = 0, string? Type = null, IReadOnlyList<RuleFault>? Faults = null)
{
    /// <summary>Somebody was faster: the other's change stands.</summary>
    [JsonIgnore] public bool Overtaken => Type == "urn:epimorfosi:problem:changed-meanwhile";
}

/// <summary>A teacher's own part in a period; no claim before phase B.</summary>
/// <param name="Line">The current version as a line of the frozen list; null for who has no list.</param>
sealed record OwnPart(
    string? Ticket, int Version, string? Cluster, IReadOnlyList<string>? Preferences, bool Withdrawn, DateTimeOffset ReceivedAt, string? Digest, string? Line, bool Frozen,
    string? Status, string? StatusText, string? Seat, OwnOutcome? Outcome, OwnClaim? Claim, IReadOnlyList<OwnOffer>? Offers, OwnEnrolment? Enrolment, IReadOnlyList<string>? Explanation)
{
    /// <summary>A list stands.</summary>
    [JsonIgnore] public bool Stands => Version > 0 && !Withdrawn;
}

/// <summary>R19: what the draw brought.</summary>
sealed record OwnOutcome(int Place, string? Programme, int Rank, bool Provisional);

/// <param name="Sequence">Its place in the order of claims.</param>
/// <param name="Outcome">The log's word for what became of it last; null while it is not decided.</param>
sealed record OwnClaim(long Sequence, DateTimeOffset AcceptedAt, IReadOnlyList<string> Preferences, string? Outcome, string? Programme);

sealed record OwnEnrolment(string Programme, bool Confirmed, DateTimeOffset AnsweredAt);

sealed record OwnReceipt(
    string Ticket, int Version, string Cluster, IReadOnlyList<string> Preferences, bool Withdrawn, DateTimeOffset ReceivedAt, string Digest, string Line, string? ActedBy, string? ActReason);

/// <summary>The teacher's entry in the file.</summary>
sealed record OwnTeacher(
    string RegistryNumber, int Version, string FirstName, string LastName, string Email, string? Mobile, string Specialty, IReadOnlyList<string> Schools, string Language,
    bool TeachingNow, bool B1Certified, bool PriorBLevel, bool PriorPake, bool PriorB2);

sealed record School(string Code, string NameEl, string PrefectureCode);

sealed record Specialty(string Code, string TitleEl);

/// <param name="None">Share of the simulated draws that bring nothing of the list.</param>
sealed record ListChance(int Draws, string Note, IReadOnlyList<ChoiceChance> Choices, double None);

public sealed record ChoiceChance(string Programme, double ThisOrBetter);
