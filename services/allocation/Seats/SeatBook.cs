using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Allocation.Seats;

/// <summary>A programme in phase B.</summary>
/// <param name="BelowMinimum">It did not gather enough in phase A (R20).</param>
public readonly record struct SeatProgramme(string Code, int Minimum, int Maximum, bool BelowMinimum);

/// <summary>A claim that found no free seat; it waits in the order of its sequence (R23).</summary>
public record WaitingClaim(string Ticket, long Sequence, IReadOnlyList<string> Preferences);

/// <summary>What was decided: a line of the claim log without its number and hash.</summary>
/// <param name="Order">The request answered; null for what follows from another line.</param>
/// <param name="Preferences">A claim's list; empty where the line is not a claim's outcome.</param>
/// <param name="Rule">For a refusal; and R25 for <c>cancelled</c> where it ends an offer.</param>
public record SeatEvent(
    long? Order, long? Sequence, string Ticket, string Event, string? Programme, IReadOnlyList<string> Preferences, string? Rule = null);

/// <summary>An offer of a seat to a runner-up that is not yet answered (R25).</summary>
public readonly record struct OpenOffer(string Ticket, string Programme);

/// <summary>What phase B goes on from.</summary>
/// <param name="Seats">By ticket the programme.</param>
/// <param name="Open">In the order of offering.</param>
/// <param name="Offered">By programme how far its line of runners-up was gone through.</param>
/// <param name="Ended">Tickets whose runner-up ranks have ended (R26).</param>
/// <param name="Cancelled">Programmes that the rescue cancelled (R27).</param>
/// <param name="Over">The rescue was done.</param>
public sealed record SeatStart(
    IEnumerable<SeatProgramme> Programmes, IEnumerable<KeyValuePair<string, string>> Seats, IEnumerable<WaitingClaim> Waiting, RunnerUpLines Lines,
    IEnumerable<OpenOffer> Open, IReadOnlyDictionary<string, int> Offered, IEnumerable<string> Ended, IEnumerable<string>? Cancelled = null, bool Over = false);

/// <summary>The seats of a period in phase B, and the decision of each request (R20-R26). Pure: same requests in the same order, same events.</summary>
public sealed partial class SeatBook
{
    readonly Dictionary<string, SeatProgramme> programmes;
    readonly Dictionary<string, int> members, reserved;
    readonly Dictionary<string, string> seats;
    readonly Dictionary<string, WaitingClaim> waiting = new(StringComparer.Ordinal);
    readonly Dictionary<string, SortedDictionary<long, WaitingClaim>> queues = new(StringComparer.Ordinal);
    readonly RunnerUpLines lines;
    readonly Dictionary<string, int> offered;
    readonly Dictionary<string, List<string>> offers = new(StringComparer.Ordinal);
    readonly HashSet<string> ended;
    readonly bool belowMinimumOnly;

    /// <summary>Seats that were given up and whose next holder is still to be found, first in, first out.</summary>
    readonly Queue<string> freed = [];

    /// <param name="scope">R22: <c>AnyVacancy</c> or <c>BelowMinimum</c>.</param>
    public SeatBook(SeatStart start, string scope)
    {
        programmes = start.Programmes.ToDictionary(programme => programme.Code, StringComparer.Ordinal);
        seats = new(start.Seats, StringComparer.Ordinal);
        members = programmes.Keys.ToDictionary(code => code, _ => 0, StringComparer.Ordinal);
        reserved = programmes.Keys.ToDictionary(code => code, _ => 0, StringComparer.Ordinal);
        lines = start.Lines;
        offered = new(start.Offered, StringComparer.Ordinal);
        ended = new(start.Ended, StringComparer.Ordinal);
        cancelled = new(start.Cancelled ?? [], StringComparer.Ordinal);
        IsOver = start.Over;
        foreach (var code in seats.Values)
        {
            members[code]++;
        }
        foreach (var claim in start.Waiting)
        {
            Wait(claim);
        }
        foreach (var offer in start.Open)
        {
            Open(offer);
        }
        belowMinimumOnly = scope == "BelowMinimum";
    }

    public IReadOnlyDictionary<string, int> Members => members;

    /// <summary>By programme the seats held back for open offers.</summary>
    public IReadOnlyDictionary<string, int> Reserved => reserved;

    public string? SeatOf(string ticket) => seats.GetValueOrDefault(ticket);

    public WaitingClaim? WaitingOf(string ticket) => waiting.GetValueOrDefault(ticket);

    /// <summary>
    /// Decides one request, in its turn, and adds what follows from it to the log. An answer to an offer that is no longer open is void.
    /// A rescue needs to know more: <see cref="Rescue"/>.
    /// </summary>
    public void Decide(SeatRequest request, List<SeatEvent> log)
    {
        switch (request.Kind)
        {
            case SeatRequestKind.Claim when Refusal(request) is { } rule: log.Add(Outcome(request, SeatEvents.Refused, null) with { Rule = rule }); break;
            case SeatRequestKind.Claim: Place(request, log); break;
            case SeatRequestKind.Release: Release(request, log); break;
            case SeatRequestKind.Accept: Accept(request, log); break;
            case SeatRequestKind.Decline: Decline(request, SeatEvents.Declined, log); break;
            case SeatRequestKind.Expire: Decline(request, SeatEvents.Expired, log); break;
        }
        Settle(log);
    }

    /// <summary>The rule that forbids the claim; a refused claim changes nothing, an earlier one that waits goes on waiting.</summary>
    string? Refusal(SeatRequest claim)
    {
        if (IsOver)
        {
            return "R27";
        }
        if (seats.TryGetValue(claim.Ticket, out var own) && members[own] >= programmes[own].Minimum)
        {
            return "R21";
        }
        return claim.Preferences.Count > 0 && claim.Preferences.All(InScope) ? null : "R22";
    }

    bool InScope(string code) => programmes.TryGetValue(code, out var programme) && (programme.BelowMinimum || !belowMinimumOnly);

    bool HasSeat(string code) => !cancelled.Contains(code) && members[code] + reserved[code] < programmes[code].Maximum;

    /// <summary>
    /// R23: the first listed programme with a free seat; else the claim waits. The claimant's own seat, which is a provisional one (R20), and
    /// one on offer to the claimant are free to them.
    /// </summary>
    void Place(SeatRequest claim, List<SeatEvent> log)
    {
        StopWaiting(claim.Ticket);
        var own = SeatOf(claim.Ticket);
        var free = claim.Preferences.FirstOrDefault(code => HasSeat(code) || code == own || IsOpen(claim.Ticket, code));
        log.Add(Outcome(claim, free is null ? SeatEvents.Waiting : SeatEvents.Placed, free));
        if (free is null)
        {
            Wait(new(claim.Ticket, claim.Sequence!.Value, claim.Preferences));
            return;
        }
        Close(claim.Ticket, free);
        Take(claim.Ticket, free, log);
    }

    /// <summary>Gives the seat up; where there is none, the claim that waits for one.</summary>
    void Release(SeatRequest release, List<SeatEvent> log)
    {
        var own = SeatOf(release.Ticket);
        log.Add(new(release.Order, null, release.Ticket, SeatEvents.Released, own, []));
        if (own is null)
        {
            StopWaiting(release.Ticket);
            return;
        }
        Leave(release.Ticket, own);
    }

    void Accept(SeatRequest answer, List<SeatEvent> log)
    {
        var programme = answer.Preferences[0];
        if (Close(answer.Ticket, programme))
        {
            log.Add(new(answer.Order, null, answer.Ticket, SeatEvents.Accepted, programme, []));
            StopWaiting(answer.Ticket);
            Take(answer.Ticket, programme, log);
        }
    }

    void Decline(SeatRequest answer, string @event, List<SeatEvent> log)
    {
        var programme = answer.Preferences[0];
        if (Close(answer.Ticket, programme))
        {
            log.Add(new(answer.Order, null, answer.Ticket, @event, programme, []));
            freed.Enqueue(programme);
        }
    }

    /// <summary>R25: a freed seat goes to the programme's next runner-up as an offer, then to the waiting claims in sequence, then it is open.</summary>
    void Settle(List<SeatEvent> log)
    {
        while (freed.TryDequeue(out var programme))
        {
            if (!HasSeat(programme))
            {
                continue;
            }
            if (NextRunnerUp(programme) is { } ticket)
            {
                Open(new(ticket, programme));
                log.Add(new(null, null, ticket, SeatEvents.Offered, programme, []));
            }
            else if (queues.TryGetValue(programme, out var queue) && queue.Count > 0)
            {
                var claim = queue.First().Value;
                StopWaiting(claim.Ticket);
                standings?[claim.Ticket] = new(claim.Sequence, 0, claim.Preferences);
                log.Add(new(null, claim.Sequence, claim.Ticket, SeatEvents.Promoted, programme, []));
                Take(claim.Ticket, programme, log);
            }
        }
    }

    string? NextRunnerUp(string programme)
    {
        var line = lines.Of(programme);
        for (var next = offered.GetValueOrDefault(programme); next < line.Count; next++)
        {
            offered[programme] = next + 1;
            if (!ended.Contains(line[next]))
            {
                return line[next];
            }
        }
        return null;
    }

    /// <summary>Moves a ticket into a seat of phase B, which ends its runner-up ranks and with them its other offers (R26).</summary>
    void Take(string ticket, string programme, List<SeatEvent> log)
    {
        var own = SeatOf(ticket);
        if (own != programme)
        {
            if (own is not null)
            {
                Leave(ticket, own);
            }
            seats[ticket] = programme;
            members[programme]++;
        }
        ended.Add(ticket);
        foreach (var other in offers.GetValueOrDefault(ticket, []).ToArray())
        {
            Close(ticket, other);
            log.Add(new(null, null, ticket, SeatEvents.Declined, other, []));
            freed.Enqueue(other);
        }
    }

    void Leave(string ticket, string programme)
    {
        seats.Remove(ticket);
        members[programme]--;
        freed.Enqueue(programme);
    }

    bool IsOpen(string ticket, string programme) => offers.TryGetValue(ticket, out var open) && open.Contains(programme);

    void Open(OpenOffer offer)
    {
        if (!offers.TryGetValue(offer.Ticket, out var open))
        {
            offers[offer.Ticket] = open = [];
        }
        open.Add(offer.Programme);
        reserved[offer.Programme]++;
    }

    bool Close(string ticket, string programme)
    {
        if (!offers.TryGetValue(ticket, out var open) || !open.Remove(programme))
        {
            return false;
        }
        reserved[programme]--;
        return true;
    }

    void Wait(WaitingClaim claim)
    {
        waiting[claim.Ticket] = claim;
        foreach (var code in claim.Preferences.Distinct())
        {
            if (!queues.TryGetValue(code, out var queue))
            {
                queues[code] = queue = [];
            }
            queue.Add(claim.Sequence, claim);
        }
    }

    void StopWaiting(string ticket)
    {
        if (waiting.Remove(ticket, out var claim))
        {
            foreach (var code in claim.Preferences)
            {
                queues[code].Remove(claim.Sequence);
            }
        }
    }

    static SeatEvent Outcome(SeatRequest claim, string @event, string? programme) =>
        new(claim.Order, claim.Sequence, claim.Ticket, @event, programme, claim.Preferences);
}
