using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Programmes;

/// <summary>A period as everybody sees it: as the office gave it, and how it stands on the server's clock (R30).</summary>
/// <param name="Frozen">R17: the frozen catalogue; null before.</param>
/// <param name="Overrides">R31: what the office changed once it was in force, oldest first.</param>
public sealed record PeriodView(
    string Code, int Version, LocalText Title, string Level, DateOnly FirstDay, DateOnly LastDay,
    Phase PhaseA, DateTimeOffset? DrawAt, Phase PhaseB, Phase Enrolment, int GroupMinimum, int GroupMaximum, Policy Policy,
    DateTimeOffset ServerTime, PhaseStates State, FrozenCatalogue? Frozen, IReadOnlyList<OverrideView> Overrides)
{
    public static PeriodView Of(TrainingPeriod period, IEnumerable<CalendarOverride> overrides, DateTimeOffset now) => new(
        period.Code, period.Version, period.Title, period.Level, period.FirstDay, period.LastDay,
        period.PhaseA, period.DrawAt, period.PhaseB, period.Enrolment, period.GroupMinimum, period.GroupMaximum, period.Policy,
        now, new(period.PhaseA.StateAt(now), period.PhaseB.StateAt(now), period.Enrolment.StateAt(now)),
        period.FrozenAt is { } at ? new(at, period.FrozenCount!.Value, period.FrozenSha256!) : null,
        [.. overrides.OrderBy(entry => entry.Id).Select(entry => new OverrideView(entry.Field, entry.Before, entry.After, entry.Reason, entry.Person, entry.At))]);
}

public sealed record PhaseStates(PhaseState PhaseA, PhaseState PhaseB, PhaseState Enrolment);

public sealed record FrozenCatalogue(DateTimeOffset At, int Programmes, string Sha256);

/// <summary>R31. The account's internal id stays inside.</summary>
public sealed record OverrideView(string Field, string Before, string After, string Reason, string Person, DateTimeOffset At);
