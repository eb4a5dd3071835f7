namespace EPimorfosi.Contracts.Allocation;

/// <summary>The published outcomes of the draw (R19), at most 500 a message.</summary>
[ConsumedBy("applications", "notifications")]
public record OutcomesDecided(string Period, int Draw, IReadOnlyList<Outcome> Outcomes);

/// <param name="Place">Place in the draw, from 1.</param>
/// <param name="Programme">The seat, or null.</param>
/// <param name="Rank">The seat's rank on the list, from 1; 0 for none.</param>
/// <param name="Provisional">R20: the programme is below its minimum and goes to phase B.</param>
/// <param name="Choices">For every listed programme why or why not, in rank order.</param>
public record Outcome(string Ticket, int Place, string? Programme, int Rank, bool Provisional, IReadOnlyList<ChoiceOutcome> Choices);

/// <param name="CutOff">Place of the one who took the last seat; null if seats were left.</param>
/// <param name="RunnerUp">Position among the programme's runners-up, from 1; null for no runner-up (R19).</param>
/// <param name="Members">After the draw; where there is a cut-off, as many as there are seats.</param>
/// <param name="RunnersUp">How many runners-up the programme has.</param>
public record ChoiceOutcome(string Programme, int? CutOff, int? RunnerUp, int? Members = null, int? RunnersUp = null);

/// <summary>The draw's results are public. <paramref name="BelowMinimum"/>: programmes that go to phase B (R20).</summary>
[ConsumedBy("applications", "notifications")]
public record ResultsPublished(
    string Period, int Draw, int Applications, int Placed, IReadOnlyList<string> BelowMinimum, DateTimeOffset PublishedAt);

/// <summary>
/// In the objection window the office took an application off the frozen list, or put it back, with a reason (R31). The highest
/// <paramref name="Number"/> of a ticket wins.
/// </summary>
[ConsumedBy("applications", "notifications")]
public record ApplicationStruck(string Period, string Ticket, int Number, bool Struck, string Reason, DateTimeOffset At);

/// <summary>New lines of the claim log (R24), in its order, at most 500 a message.</summary>
[ConsumedBy("applications", "notifications")]
public record SeatsDecided(string Period, IReadOnlyList<SeatDecision> Decisions);

/// <param name="Number">The line's number in the log, from 1.</param>
/// <param name="Order">Order of the request that this line answers; null for what follows from another line (a promotion, an offer).</param>
/// <param name="Sequence">Claim sequence, where the line is about a claim.</param>
/// <param name="Event"><c>placed</c>, <c>waiting</c>, <c>refused</c>, <c>released</c>, <c>promoted</c> …: the log's words.</param>
/// <param name="Programme">The seat got or given up; null for none.</param>
/// <param name="Rule">For <c>refused</c>, the rule, such as R21. For <c>cancelled</c>, R25 if it ends an offer; null if it takes a seat.</param>
/// <param name="ExpiresAt">For <c>offered</c>, until when it can be accepted (R25).</param>
public record SeatDecision(
    long Number, long? Order, long? Sequence, string Ticket, string Event, string? Programme, string? Rule, DateTimeOffset DecidedAt,
    DateTimeOffset? ExpiresAt = null);
