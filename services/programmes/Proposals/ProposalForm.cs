using System.Globalization;
using System.Net.Mail;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Programmes;

/// <summary>What a centre fills in.</summary>
/// <param name="Minimum">R2; null for the period's. So with <paramref name="Maximum"/>.</param>
/// <param name="Slots">Weekly times such as <c>Tue 17:00</c>; none while the timetable is still to come.</param>
/// <param name="Trainers">R6: one or more, with hours that sum to 60.</param>
/// <param name="Email">Where the answer goes.</param>
/// <param name="Version">Of the proposal that is changed; not asked of a new one.</param>
public sealed record ProposalForm(
    string? Period, string? Cluster, string? Category, string? Title, int? Minimum, int? Maximum, string? StartsOn, IReadOnlyList<string?>? Slots,
    IReadOnlyList<ProposedTrainer?>? Trainers, IReadOnlyList<string?>? ExtraPrefectures, string? Email, int Version = 0)
{
    const int LongestAddress = 200;

    /// <summary>The checks of the programmes' file, and what a centre must give beyond it. Null if there are faults, which are added.</summary>
    internal ProgrammeDraft? Check(string code, string centre, ProgrammeChecks checks, List<Fault> faults)
    {
        var (trainers, before) = ((Trainers ?? []).Where(trainer => !string.IsNullOrWhiteSpace(trainer?.RegistryNumber)).Select(trainer => trainer!).ToList(), faults.Count);
        CheckTrainers(trainers, faults);
        var draft = checks.Check(new(0, ProgrammeChecks.Columns,
        [
            code, Trimmed(Cluster), Trimmed(Category), centre, Trimmed(Title), Number(Minimum), Number(Maximum), Trimmed(StartsOn), Joined(Slots),
            faults.Count > before ? "" : string.Join('|', trainers.Select(trainer => $"{Trimmed(trainer.RegistryNumber)}:{Number(trainer.Hours)}")), Joined(ExtraPrefectures),
        ]), faults);
        if (Trimmed(Email) is var email && (email.Length is 0 or > LongestAddress || !MailAddress.TryCreate(email, out var address) || address.Address != email))
        {
            faults.Add(new("email", null, "Email"));
        }
        return faults.Count > 0 ? null : draft;
    }

    static void CheckTrainers(List<ProposedTrainer> trainers, List<Fault> faults)
    {
        if (trainers.Count == 0)
        {
            faults.Add(new("trainers", "R6", "NoTrainer"));
        }
        faults.AddRange(trainers.Select(trainer => Trimmed(trainer.RegistryNumber)).Where(number => !Codes.IsCode(number)).Select(number => new Fault("trainers", "R6", "Code", number)));
        if (trainers.Exists(trainer => trainer.Hours is not (>= 1 and <= Timetable.Hours)))
        {
            faults.Add(new("trainers", "R6", "HoursOfEach", Timetable.Hours));
        }
    }

    internal static string Trimmed(string? text) => text?.Trim() ?? "";

    static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    static string Joined(IReadOnlyList<string?>? values) => string.Join('|', (values ?? []).Select(Trimmed).Where(value => value.Length > 0));
}

/// <param name="RegistryNumber">In the register of trainers.</param>
public sealed record ProposedTrainer(string? RegistryNumber, int? Hours);

/// <summary>A proposal as its centre and the office see it.</summary>
/// <param name="State"><c>Proposed</c>, <c>Returned</c>, <c>Approved</c> or <c>Withdrawn</c>.</param>
public sealed record ProposalView(
    Guid Id, string Period, string Code, int Version, ProposalState State, string Centre, string CentreName, string Cluster, string Category, string Title, int Minimum, int Maximum, string StartsOn,
    IReadOnlyList<string> Slots, IReadOnlyList<ProposedTrainer> Trainers, IReadOnlyList<string> ExtraPrefectures, string Email, string ProposedBy, DateTimeOffset ProposedAt,
    string? Reason, string? AnsweredBy, DateTimeOffset? AnsweredAt)
{
    internal static ProposalView Of(Proposal proposal) => new(
        proposal.Id, proposal.Period, proposal.Code, proposal.Version, proposal.State, proposal.Centre, proposal.CentreName, proposal["cluster"], proposal["category"], proposal["title"],
        int.Parse(proposal["min"], CultureInfo.InvariantCulture), int.Parse(proposal["max"], CultureInfo.InvariantCulture), proposal["starts_on"], Parts(proposal["slots"]),
        [.. Parts(proposal["trainers"]).Select(trainer => trainer.Split(':')).Select(parts => new ProposedTrainer(parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null))],
        Parts(proposal["extra_prefectures"]), proposal.Email, proposal.ProposedBy, proposal.ProposedAt, proposal.Reason, proposal.AnsweredBy, proposal.AnsweredAt);

    static string[] Parts(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The office's answer, or that the centre takes its proposal back.</summary>
/// <param name="Version">Of the proposal that was read.</param>
/// <param name="Reason">Of a return: what is to be mended; the centre is told.</param>
public sealed record ProposalAnswer(int Version, string? Reason = null);
