using System.Globalization;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Programmes;

/// <summary>
/// Decides what may still be changed in a period. Before phase A all may. From its opening on, a boundary of a phase that has begun, the draw's
/// date and the policy are promises: changing one is an override and needs a reason (R31). What has happened stays as it is.
/// </summary>
public static class CalendarChange
{
    public sealed record Verdict(IReadOnlyList<Fault> Refused, IReadOnlyList<Override> Overrides);

    public sealed record Override(string Field, string Before, string After);

    public static Verdict Judge(Period before, Period after, DateTimeOffset now)
    {
        if (before.PhaseA.StateAt(now) == PhaseState.Upcoming)
        {
            return new([], []);
        }
        (string Field, Phase Before, Phase After)[] phases =
            [("phaseA", before.PhaseA, after.PhaseA), ("phaseB", before.PhaseB, after.PhaseB), ("enrolment", before.Enrolment, after.Enrolment)];
        var begun = phases.Where(phase => phase.Before.StateAt(now) != PhaseState.Upcoming && phase.Before != phase.After).ToArray();
        Fault[] refused =
        [
            .. begun.Where(phase => phase is { Field: "phaseA" } && phase.Before.StateAt(now) == PhaseState.Closed).Select(_ => new Fault("phaseA", "R17", "PhaseAOver")),
            .. begun.Where(phase => phase.Before.Opens != phase.After.Opens && phase.Before.StateAt(now) == PhaseState.Open).Select(phase => new Fault($"{phase.Field}.opens", "R30", "HasOpened")),
            .. begun.Where(phase => phase.Before.Closes != phase.After.Closes && phase.After.StateAt(now) == PhaseState.Closed).Select(phase => new Fault($"{phase.Field}.closes", "R30", "InThePast")),
        ];
        return new(refused, [.. begun.SelectMany(phase => Boundaries(phase.Field, phase.Before, phase.After)), .. Promises(before, after)]);
    }

    /// <summary>Every field that differs, before and after, for the record of who changed what.</summary>
    public static string Detail(Period before, Period after) => string.Join("; ", All(before, after).Select(change => $"{change.Field}: {change.Before} → {change.After}"));

    static IEnumerable<Override> All(Period before, Period after) =>
    [
        .. Changed(("title.el", before.Title.El, after.Title.El), ("title.en", before.Title.En, after.Title.En), ("level", before.Level, after.Level),
            ("firstDay", Text(before.FirstDay), Text(after.FirstDay)), ("lastDay", Text(before.LastDay), Text(after.LastDay))),
        .. Boundaries("phaseA", before.PhaseA, after.PhaseA), .. Boundaries("phaseB", before.PhaseB, after.PhaseB), .. Boundaries("enrolment", before.Enrolment, after.Enrolment),
        .. Promises(before, after),
    ];

    static IEnumerable<Override> Boundaries(string phase, Phase before, Phase after) => Changed(
        ($"{phase}.opens", Text(before.Opens), Text(after.Opens)), ($"{phase}.closes", Text(before.Closes), Text(after.Closes)));

    static IEnumerable<Override> Promises(Period before, Period after) => Changed(
        ("drawAt", Text(before.DrawAt), Text(after.DrawAt)),
        ("groupMinimum", Text(before.GroupMinimum), Text(after.GroupMinimum)),
        ("groupMaximum", Text(before.GroupMaximum), Text(after.GroupMaximum)),
        ("policy.iiaFirst", Text(before.Policy.IiaFirst), Text(after.Policy.IiaFirst)),
        ("policy.iiaRequired", Text(before.Policy.IiaRequired), Text(after.Policy.IiaRequired)),
        ("policy.maxChoices", Text(before.Policy.MaxChoices), Text(after.Policy.MaxChoices)),
        ("policy.excludePriorB2", Text(before.Policy.ExcludePriorB2), Text(after.Policy.ExcludePriorB2)),
        ("policy.phaseBScope", before.Policy.PhaseBScope, after.Policy.PhaseBScope),
        ("policy.offerHours", Text(before.Policy.OfferHours), Text(after.Policy.OfferHours)),
        ("policy.enrolmentDays", Text(before.Policy.EnrolmentDays), Text(after.Policy.EnrolmentDays)),
        ("policy.upgrade", Text(before.Policy.Upgrade), Text(after.Policy.Upgrade)),
        ("policy.objectionHours", Text(before.Policy.ObjectionHours), Text(after.Policy.ObjectionHours)),
        ("policy.phaseBLater", before.Policy.PhaseBLater, after.Policy.PhaseBLater));

    static IEnumerable<Override> Changed(params (string Field, string Before, string After)[] values) =>
        values.Where(value => value.Before != value.After).Select(value => new Override(value.Field, value.Before, value.After));

    public static string Text(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture) ?? "-";

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Text(bool value) => value ? "true" : "false";
}
