using EPimorfosi.Gateway.Services;

namespace EPimorfosi.Gateway.Pages;

/// <summary>Where a period stands, as the public is told.</summary>
enum Stage { Upcoming, PhaseA, Closed, Frozen, Committed, Drawn, Results, PhaseB, BeforeEnrolment, Enrolment, Lessons, Over }

static class Stages
{
    /// <param name="draw">The draw's state; null if it is not known at the moment.</param>
    internal static Stage Of(Period period, string? draw, DateTimeOffset now) => (draw, now) switch
    {
        (_, _) when now < period.PhaseA.Opens => Stage.Upcoming,
        (_, _) when Contains(period.PhaseA, now) => Stage.PhaseA,
        ("Collecting", _) => Stage.Closed,
        ("Frozen", _) => Stage.Frozen,
        ("Committed", _) => Stage.Committed,
        ("Drawn", _) => Stage.Drawn,
        (null, _) when now < period.PhaseB.Opens => Stage.Closed,
        (_, _) when now < period.PhaseB.Opens => Stage.Results,
        (_, _) when Contains(period.PhaseB, now) => Stage.PhaseB,
        (_, _) when now < period.Enrolment.Opens => Stage.BeforeEnrolment,
        (_, _) when Contains(period.Enrolment, now) => Stage.Enrolment,
        (_, _) when DateOnly.FromDateTime(now.UtcDateTime) <= period.LastDay => Stage.Lessons,
        _ => Stage.Over,
    };

    /// <summary>The period that concerns people now: the earliest that is not over; else the last one.</summary>
    internal static Period? Current(IReadOnlyList<Period> periods, DateTimeOffset now) =>
        periods.Where(period => DateOnly.FromDateTime(now.UtcDateTime) <= period.LastDay).MinBy(period => period.PhaseA.Opens) ?? periods.MaxBy(period => period.PhaseA.Opens);

    /// <summary>R30: to the second, both ends inclusive.</summary>
    static bool Contains(Contracts.Programmes.Phase phase, DateTimeOffset now) => phase.Opens <= now && now < phase.Closes.AddSeconds(1);
}
