namespace EPimorfosi.Contracts.Programmes;

/// <summary>A period was created or changed, or a boundary was moved. The whole period; the highest version wins.</summary>
[ConsumedBy("applications", "allocation", "notifications")]
public record PeriodChanged(Period Period);

/// <summary>Περίοδος επιμόρφωσης: one run of the scheme with its calendar and its policy.</summary>
/// <param name="Overrides">R31: what the office changed once it was in force, the oldest first.</param>
public record Period(
    string Code, int Version, LocalText Title, string Level, DateOnly FirstDay, DateOnly LastDay,
    Phase PhaseA, DateTimeOffset? DrawAt, Phase PhaseB, Phase Enrolment,
    int GroupMinimum, int GroupMaximum, Policy Policy, IReadOnlyList<PeriodOverride>? Overrides = null);

/// <param name="Field">Of the period, such as <c>phaseA.closes</c>.</param>
public record PeriodOverride(string Field, string Before, string After, string Reason, string Person, DateTimeOffset At);

/// <summary>An interval of time, both ends inclusive to the second (R30).</summary>
public record Phase(DateTimeOffset Opens, DateTimeOffset Closes);

/// <summary>The defaults where the source is silent, the [D] rules; configuration of the period.</summary>
/// <param name="IiaFirst">R13: IIa programmes rank before IIb.</param>
/// <param name="IiaRequired">R13: a teacher with IIa options must list one.</param>
/// <param name="MaxChoices">R13: longest list; 0 is no cap.</param>
/// <param name="ExcludePriorB2">R10: B2 graduates are excluded.</param>
/// <param name="PhaseBScope">R22: <c>AnyVacancy</c> or <c>BelowMinimum</c>.</param>
/// <param name="OfferHours">R25: hours a runner-up has to answer.</param>
/// <param name="EnrolmentDays">R28: days to confirm.</param>
/// <param name="Upgrade">R26: whether the placed move up when a seat frees.</param>
/// <param name="ObjectionHours">R18: hours between the published list and the earliest commit.</param>
/// <param name="PhaseBLater">
/// Staggered opening of phase B, off if empty: codes of clusters or of prefectures (nomoi) with the minutes by which it opens later for their
/// teachers, such as <c>B2.4+30 B2.5+60</c>. Who is named twice opens at the later of the two; a teacher of several prefectures at the earliest of theirs.
/// </param>
public record Policy(
    bool IiaFirst = true, bool IiaRequired = false, int MaxChoices = 0, bool ExcludePriorB2 = true,
    string PhaseBScope = "AnyVacancy", int OfferHours = 48, int EnrolmentDays = 5, bool Upgrade = false, int ObjectionHours = 24, string PhaseBLater = "");

/// <summary>Programmes were approved or changed: at most 500 a message, each whole; the highest version of each wins.</summary>
[ConsumedBy("applications", "allocation", "notifications")]
public record ProgrammesPublished(string Period, IReadOnlyList<Programme> Programmes);

/// <summary>Πρόγραμμα επιμόρφωσης: one group of one cluster.</summary>
/// <param name="Category"><c>IIa</c> or <c>IIb</c> (R4).</param>
/// <param name="Centre">School code of the centre; <paramref name="CentreName"/> its name.</param>
/// <param name="Prefecture">Code of the centre's prefecture.</param>
/// <param name="Nomoi">R5: nomos codes a IIa member may come from, sorted; empty for IIb.</param>
/// <param name="Slots">Weekly times such as <c>Tue 17:00</c>; empty while the timetable is still to come.</param>
public record Programme(
    string Code, int Version, string Cluster, string Category, string Title, string Centre, string CentreName, string Prefecture,
    IReadOnlyList<string> Nomoi, int Minimum, int Maximum, DateOnly? StartsOn, IReadOnlyList<string> Slots);

/// <summary>R6: the office returned a centre's proposal, with its reason; the centre may mend it and propose it again.</summary>
/// <param name="Id">Of this return: a proposal may be returned more than once.</param>
/// <param name="Email">The centre's, as given with the proposal.</param>
[ConsumedBy("notifications")]
public record ProgrammeReturned(
    Guid Id, string Period, string Code, string Title, string CentreName, string Email, string Language, string Reason, DateTimeOffset At);

/// <summary>R6: the office approved a centre's proposal; the programme itself comes with <see cref="ProgrammesPublished"/>.</summary>
/// <param name="Id">Of the proposal.</param>
/// <param name="Email">The centre's, as given with the proposal.</param>
[ConsumedBy("notifications")]
public record ProgrammeApproved(Guid Id, string Period, string Code, string Title, string CentreName, string Email, string Language, DateTimeOffset At);

/// <summary>Who teaches which programme, told beside the public catalogue and to nobody else; at most 500 a message, and the highest version of each wins.</summary>
[ConsumedBy("applications", "notifications")]
public record TrainersAssigned(string Period, IReadOnlyList<ProgrammeTrainers> Programmes);

/// <param name="Version">The programme's.</param>
/// <param name="Trainers">Register numbers, without hours.</param>
public record ProgrammeTrainers(string Code, int Version, IReadOnlyList<string> Trainers);

/// <summary>Phase A closed: the catalogue as it stands for the draw. Count and SHA-256 are of <c>programmes.txt</c> (R17).</summary>
[ConsumedBy("allocation")]
public record ProgrammesFrozen(string Period, int Count, string Sha256, DateTimeOffset FrozenAt);

/// <summary>Allocation misses programmes of the frozen catalogue: publish all of the period again.</summary>
[ConsumedBy("programmes")]
public record PublishProgrammesAgain(string Period);

/// <summary>Reference data: schools with the prefecture and nomos of their seat; at most 1,000 a message.</summary>
[ConsumedBy("applications")]
public record SchoolsPublished(IReadOnlyList<School> Schools);

public record School(string Code, string Name, string Prefecture, string Nomos);

/// <summary>Reference data: every specialty with its cluster, all in one message.</summary>
[ConsumedBy("applications")]
public record SpecialtiesPublished(IReadOnlyList<Specialty> Specialties);

/// <param name="Cluster">R1.</param>
/// <param name="MainCluster">R11: for special education (B2.13), the main specialty's cluster where it is known; else null.</param>
public record Specialty(string Code, string Title, string Cluster, string? MainCluster);
