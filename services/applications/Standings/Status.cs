using EPimorfosi.Contracts.Allocation;

namespace EPimorfosi.Applications;

/// <summary>Where a teacher stands in a period; each has its words under <c>Status.{name}</c>.</summary>
public enum Status
{
    /// <summary>A ticket, but no list: came in phase B.</summary>
    NotInDraw,
    Submitted, Withdrawn, InDraw, Struck, Placed, PlacedBelowMinimum, SeatOffered, RunnerUp, Unplaced, ClaimPending, ClaimWaiting, ClaimRefused, SeatReleased, Rescued, Kept, Cancelled, Enrolled, Declined,
}

/// <summary>Works the status out of what is known. Pure.</summary>
public static class Statuses
{
    /// <param name="belowMinimum">Whether the programme of the seat has too few members to run (R20).</param>
    /// <param name="claimPending">Whether a claim has no decision yet.</param>
    /// <param name="offered">Whether a seat is on offer (R25).</param>
    public static Status Of(Application application, bool frozen, Standing? standing, Outcome? outcome, bool belowMinimum, bool claimPending, bool offered, bool? enrolled) =>
        enrolled is { } answered ? answered ? Status.Enrolled : Status.Declined
        : claimPending ? Status.ClaimPending
        : offered ? Status.SeatOffered
        : standing is { Seat: not null, LastEvent: "rescued" } ? Status.Rescued
        : standing is { Seat: not null, LastEvent: "overridden" } ? Status.Kept
        : standing?.Seat is not null ? belowMinimum ? Status.PlacedBelowMinimum : Status.Placed
        : standing is { LastEvent: "cancelled" } ? Status.Cancelled
        : standing is { LastEvent: "released" } ? Status.SeatReleased
        : standing is { LastEvent: "waiting" } ? Status.ClaimWaiting
        : standing is { LastEvent: "refused" } ? Status.ClaimRefused
        : standing is { StruckReason: not null } ? Status.Struck
        : outcome is not null ? outcome.Choices.Any(choice => choice.RunnerUp is not null) ? Status.RunnerUp : Status.Unplaced
        : application.Version == 0 ? Status.NotInDraw
        : application.Withdrawn ? Status.Withdrawn
        : frozen ? Status.InDraw
        : Status.Submitted;
}
