namespace EPimorfosi.Allocation.Seats;

/// <summary>How a member came to the seat: by it the rescue orders the members of a programme and knows where they would go.</summary>
/// <param name="Sequence">Of the claim that got the seat; null for a seat of the draw or of an accepted offer.</param>
/// <param name="Place">In the draw.</param>
/// <param name="Preferences">The list of that claim, or of the application.</param>
public readonly record struct MemberStanding(long? Sequence, int Place, IReadOnlyList<string> Preferences);

/// <param name="Standings">By ticket, of everybody with a seat.</param>
/// <param name="Kept">Programmes that the office keeps although they are below their minimum.</param>
public sealed record RescueStart(IReadOnlyDictionary<string, MemberStanding> Standings, IReadOnlySet<string> Kept);

/// <summary>
/// The rescue at the end of phase B (R27): programmes below their minimum, the emptiest first, are cancelled one after the other, and each member moves
/// to the next programme of their list that has a free seat and somebody in it. So small groups are gathered into larger ones, which may reach their minimum.
/// </summary>
public sealed partial class SeatBook
{
    readonly HashSet<string> cancelled;

    /// <summary>Only while the rescue is under way.</summary>
    Dictionary<string, MemberStanding>? standings;

    /// <summary>Phase B is over: who claims now is refused.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Programmes that do not run.</summary>
    public IReadOnlySet<string> Cancelled => cancelled;

    /// <summary>Does it once; again it does nothing.</summary>
    public void Rescue(RescueStart start, List<SeatEvent> log)
    {
        if (IsOver)
        {
            return;
        }
        IsOver = true;
        standings = new(start.Standings, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (Emptiest(seen) is { } programme)
        {
            seen.Add(programme);
            if (start.Kept.Contains(programme) && members[programme] > 0)
            {
                log.AddRange(InOrder(programme).Select(ticket => Line(ticket, SeatEvents.Overridden, programme)));
            }
            else
            {
                Cancel(programme, log);
            }
        }
        standings = null;
    }

    /// <summary>The programme whose turn is next; null when none is below its minimum that has not had it.</summary>
    string? Emptiest(HashSet<string> seen) => programmes.Values
        .Where(programme => members[programme.Code] < programme.Minimum && !seen.Contains(programme.Code))
        .OrderBy(programme => members[programme.Code]).ThenBy(programme => programme.Code, StringComparer.Ordinal)
        .Select(programme => programme.Code).FirstOrDefault();

    /// <summary>Phase A's order, then the claims'.</summary>
    List<string> InOrder(string programme) =>
    [
        .. seats.Where(seat => seat.Value == programme).Select(seat => (Ticket: seat.Key, Standing: standings![seat.Key]))
            .OrderBy(member => member.Standing.Sequence is not null).ThenBy(member => member.Standing.Sequence ?? member.Standing.Place)
            .Select(member => member.Ticket),
    ];

    void Cancel(string programme, List<SeatEvent> log)
    {
        var inOrder = InOrder(programme);
        cancelled.Add(programme);
        foreach (var ticket in inOrder.Where(ticket => SeatOf(ticket) == programme)) // a promotion may have moved them meanwhile
        {
            var next = standings![ticket].Preferences.FirstOrDefault(code => members[code] > 0 && HasSeat(code));
            log.Add(Line(ticket, next is null ? SeatEvents.Cancelled : SeatEvents.Rescued, next ?? programme));
            if (next is null)
            {
                seats.Remove(ticket);
                members[programme]--;
            }
            else
            {
                StopWaiting(ticket);
                Take(ticket, next, log);
                Settle(log);
            }
        }
        foreach (var ticket in lines.Of(programme).Where(ticket => Close(ticket, programme)))
        {
            log.Add(Line(ticket, SeatEvents.Cancelled, programme) with { Rule = "R25" });
        }
    }

    static SeatEvent Line(string ticket, string @event, string programme) => new(null, null, ticket, @event, programme, []);
}
