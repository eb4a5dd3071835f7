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
/// <param name="Rule">For a refusal.</param>
public record SeatEvent(
    long? Order, long? Sequence, string Ticket, string Event, string? Programme, IReadOnlyList<string> Preferences, string? Rule = null);

/// <summary>The seats of a period in phase B, and the decision of each request (R20-R24). Pure: same requests in the same order, same events.</summary>
public sealed class SeatBook
{
    readonly Dictionary<string, SeatProgramme> programmes;
    readonly Dictionary<string, int> members;
    readonly Dictionary<string, string> seats;
    readonly Dictionary<string, WaitingClaim> waiting = new(StringComparer.Ordinal);
    readonly Dictionary<string, SortedList<long, WaitingClaim>> queues = new(StringComparer.Ordinal);
    readonly bool belowMinimumOnly;

    /// <param name="seats">By ticket the programme.</param>
    /// <param name="scope">R22: <c>AnyVacancy</c> or <c>BelowMinimum</c>.</param>
    public SeatBook(IEnumerable<SeatProgramme> programmes, IEnumerable<KeyValuePair<string, string>> seats, IEnumerable<WaitingClaim> waiting, string scope)
    {
        this.programmes = programmes.ToDictionary(programme => programme.Code, StringComparer.Ordinal);
        this.seats = new(seats, StringComparer.Ordinal);
        members = this.programmes.Keys.ToDictionary(code => code, _ => 0, StringComparer.Ordinal);
        foreach (var code in this.seats.Values)
        {
            members[code]++;
        }
        foreach (var claim in waiting)
        {
            Wait(claim);
        }
        belowMinimumOnly = scope == "BelowMinimum";
    }

    public IReadOnlyDictionary<string, int> Members => members;

    public string? SeatOf(string ticket) => seats.GetValueOrDefault(ticket);

    public WaitingClaim? WaitingOf(string ticket) => waiting.GetValueOrDefault(ticket);

    /// <summary>Decides one request, in its turn, and adds what follows from it to the log.</summary>
    public void Decide(SeatRequest request, List<SeatEvent> log)
    {
        if (request.Kind == SeatRequestKind.Release)
        {
            Release(request, log);
        }
        else if (Refusal(request) is { } rule)
        {
            log.Add(Outcome(request, SeatEvents.Refused, null) with { Rule = rule });
        }
        else
        {
            Place(request, log);
        }
    }

    /// <summary>The rule that forbids the claim; a refused claim changes nothing, an earlier one that waits goes on waiting.</summary>
    string? Refusal(SeatRequest claim)
    {
        if (seats.TryGetValue(claim.Ticket, out var own) && members[own] >= programmes[own].Minimum)
        {
            return "R21";
        }
        return claim.Preferences.Count > 0 && claim.Preferences.All(Offered) ? null : "R22";
    }

    bool Offered(string code) => programmes.TryGetValue(code, out var programme) && (programme.BelowMinimum || !belowMinimumOnly);

    /// <summary>
    /// R23: the first listed programme with a free seat; else the claim waits. The claimant's own seat is a provisional one (R20), so its
    /// programme is below its minimum and has a free seat anyhow.
    /// </summary>
    void Place(SeatRequest claim, List<SeatEvent> log)
    {
        StopWaiting(claim.Ticket);
        var own = SeatOf(claim.Ticket);
        var free = claim.Preferences.FirstOrDefault(code => members[code] < programmes[code].Maximum);
        log.Add(Outcome(claim, free is null ? SeatEvents.Waiting : SeatEvents.Placed, free));
        if (free is null)
        {
            Wait(new(claim.Ticket, claim.Sequence!.Value, claim.Preferences));
            return;
        }
        Move(claim.Ticket, free);
        Promote(own, log);
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
        Promote(own, log);
    }

    /// <summary>A freed seat goes to the waiting claims in sequence; who leaves a provisional seat for it frees that one in turn.</summary>
    void Promote(string? freed, List<SeatEvent> log)
    {
        while (freed is not null && members[freed] < programmes[freed].Maximum && queues.TryGetValue(freed, out var queue) && queue.Count > 0)
        {
            var claim = queue.GetValueAtIndex(0);
            StopWaiting(claim.Ticket);
            var left = SeatOf(claim.Ticket);
            Move(claim.Ticket, freed);
            log.Add(new(null, claim.Sequence, claim.Ticket, SeatEvents.Promoted, freed, []));
            freed = left;
        }
    }

    void Move(string ticket, string programme)
    {
        if (seats.TryGetValue(ticket, out var own))
        {
            Leave(ticket, own);
        }
        seats[ticket] = programme;
        members[programme]++;
    }

    void Leave(string ticket, string programme)
    {
        seats.Remove(ticket);
        members[programme]--;
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
