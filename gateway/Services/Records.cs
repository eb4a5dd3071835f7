using System.Globalization;
using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Gateway.Services;

// What the pages use of the services' answers: more fields may come, and a missing one is no fault.

sealed record Paged<T>(IReadOnlyList<T> Items, int Page, int PageSize, long Total);

sealed record Period(string Code, LocalText Title, DateOnly FirstDay, DateOnly LastDay, Phase PhaseA, DateTimeOffset? DrawAt, Phase PhaseB, Phase Enrolment, int GroupMinimum, int GroupMaximum, Policy? Policy = null);

sealed record Cluster(string Code, string CodeEl, string TitleEl, string TitleEn)
{
    public string Title => Language.IsGreek ? $"{CodeEl} {TitleEl}" : $"{Code} {TitleEn}";
}

sealed record Prefecture(string Code, string NameEl, string NameEn, string? NomosCode = null, string? NomosEl = null)
{
    public string Name => Language.IsGreek ? NameEl : NameEn;
}

sealed record Programme(
    string Code, string Period, string Cluster, string Category, string Title, string Centre, string CentreName, string Prefecture,
    IReadOnlyList<string>? ExtraPrefectures, int Minimum, int Maximum, DateOnly? StartsOn, IReadOnlyList<string>? Slots, IReadOnlyList<Meeting>? Timetable);

sealed record Meeting(int Number, int Week, DateOnly Date, TimeOnly From, string Kind, int LiveHours, int AsynchronousHours, bool FaceToFace);

sealed record Draw(
    string State, int Number, int Applications, int Programmes, string? ApplicationsSha256, string? ProgrammesSha256, string? Source, string? Randomness, string? Seed, string? Algorithm,
    DateTimeOffset? FrozenAt, DateTimeOffset? CommitFrom, DateTimeOffset? CommittedAt, DateTimeOffset? DrawnAt, DateTimeOffset? PublishedAt, IReadOnlyList<Custodian>? Custodians,
    int? AnnouncedApplications, string? AnnouncedSha256, int Struck, DateTimeOffset? RoundAt, IReadOnlyList<DrawSummary>? Draws);

sealed record DrawSummary(
    int Number, string State, string? Reason, string? CalledBy, DateTimeOffset? CalledAt, string? Source, DateTimeOffset? CommittedAt, DateTimeOffset? PublishedAt, IReadOnlyList<Custodian>? Custodians);

sealed record Strike(int Number, int Draw, string Ticket, bool Struck, string Reason, string By, DateTimeOffset At, int Applications, string ApplicationsSha256);

sealed record Custodian(string Name, string Commitment, bool Revealed, string? Reveal);

sealed record TicketResult(string Ticket, int Place, int? Of, string? Programme, int Rank, bool Provisional, IReadOnlyList<Choice>? Choices);

/// <param name="RunnerUp">Position among the runners-up in the draw; <paramref name="Position"/> the place in line now.</param>
sealed record Choice(string Programme, int? CutOff, int? Members, int? RunnersUp, int? RunnerUp, int? Position);

sealed record ProgrammeResult(string Programme, int Members, int? CutOff, int RunnersUp, bool BelowMinimum, ByChoice? Demand, ByChoice? MembersByChoice);

/// <summary>Counts by rank on the list; <paramref name="Fourth"/> or later.</summary>
sealed record ByChoice(int First, int Second, int Third, int Fourth)
{
    public int Total => First + Second + Third + Fourth;
}

sealed record Outlook(DateTimeOffset AsOf, IReadOnlyList<ProgrammeOutlook> Items);

/// <param name="Programme">Its code.</param>
public sealed record ProgrammeOutlook(int Applications, int FirstChoices, int Expected, int Minimum, int Needed, int Viable, int Draws, string? Programme = null);

sealed record DrawStatistics(
    string Period, int Draw, int Applications, int Programmes, int BelowMinimum, int Seats, int Placed, int None, DrawShares Shares,
    IReadOnlyList<RankCount> Ranks, IReadOnlyList<ClusterStatistics> Clusters, IReadOnlyList<PrefectureStatistics> Prefectures);

sealed record WhatIf(int Draws, string Note, string? Assumption, CatalogueSide Baseline, CatalogueSide Changed, IReadOnlyList<ProgrammeSides> Programmes);

sealed record CatalogueSide(
    int Programmes, int Seats, double Placed, double FirstChoice, double TopThree, double None,
    IReadOnlyList<SeatGroup> ByCluster, IReadOnlyList<SeatGroup> ByPrefecture, IReadOnlyList<SimulatedProgramme> AtRisk);

sealed record SeatGroup(string Of, int Seats, double Placed);

sealed record ProgrammeSides(string Programme, SimulatedProgramme? Before, SimulatedProgramme? After);

sealed record SimulatedProgramme(string Programme, string Title, int Minimum, int Expected, int Viable);

sealed record FieldFaults(IReadOnlyList<FieldFault> Faults);

sealed record FieldFault(string Field, string Reason);

sealed record DrawShares(double FirstChoice, double TopThree, double AnyChoice, double None);

sealed record RankCount(int Rank, int Count, double Share);

sealed record ClusterStatistics(string Of, int Programmes, int Seats, int Applications, int Placed, int FirstChoice);

sealed record PrefectureStatistics(string Of, int Programmes, int BelowMinimum, int Seats, int Placed);

/// <param name="Offered">Held back for a runner-up who has not yet answered.</param>
/// <param name="Needed">How many more it needs to run.</param>
sealed record Seat(
    string Programme, string Title, string Cluster, string Category, string CentreName, string Prefecture, int Minimum, int Maximum,
    int Members, int Offered, int Free, int Needed, bool BelowMinimum, bool Cancelled);

static class Language
{
    internal static bool IsGreek => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "el";

    internal static string Here(this LocalText text) => IsGreek || text.En.Length == 0 ? text.El : text.En;
}
