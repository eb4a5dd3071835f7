using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Programmes;

/// <summary>Moves a boundary of phase A or B to now.</summary>
/// <param name="Phase"><c>A</c> or <c>B</c>.</param>
/// <param name="State"><c>open</c> or <c>closed</c>.</param>
/// <param name="Reason">R31; public.</param>
public sealed record PhaseMove(string? Phase, string? State, string? Reason)
{
    public sealed record Refusal(string Slug, string Text, string? Rule);

    bool Opens => State == "open";

    public IEnumerable<Fault> Faults()
    {
        if (Phase is not ("A" or "B"))
        {
            yield return new("phase", null, "OneOf", "A, B");
        }
        if (State is not ("open" or "closed"))
        {
            yield return new("state", null, "OneOf", "open, closed");
        }
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > 1000)
        {
            yield return new("reason", "R31", "Text", 1000);
        }
    }

    /// <summary>What speaks against it at this time; null if nothing does.</summary>
    public Refusal? Against(Period period, DateTimeOffset now) => (Opens, Of(period).StateAt(now)) switch
    {
        (true, PhaseState.Open) => new("phase-open-already", "OpenAlready", null),
        (true, PhaseState.Closed) => new("phase-over", Phase == "A" ? "AOver" : "BOver", Phase == "A" ? "R17" : null),
        (true, _) when Phase == "B" && period.PhaseA.StateAt(now) != PhaseState.Closed => new("phase-a-not-over", "BBeforeA", "R20"),
        (false, PhaseState.Upcoming) => new("phase-not-open", "NotOpen", null),
        (false, PhaseState.Closed) => new("phase-closed-already", "ClosedAlready", null),
        _ => null,
    };

    public (Period After, CalendarChange.Override Change) Apply(Period period, DateTimeOffset now)
    {
        var before = Of(period);
        var after = Opens ? before with { Opens = now } : before with { Closes = Calendar.JustBefore(now) };
        var field = $"phase{Phase}.{(Opens ? "opens" : "closes")}";
        return (Phase == "A" ? period with { PhaseA = after } : period with { PhaseB = after },
            new(field, CalendarChange.Text(Opens ? before.Opens : before.Closes), CalendarChange.Text(Opens ? after.Opens : after.Closes)));
    }

    Phase Of(Period period) => Phase == "A" ? period.PhaseA : period.PhaseB;
}
