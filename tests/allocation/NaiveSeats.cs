using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Phase B again, one thing after the other, with lists, full searches and the whole history to ask.</summary>
public sealed class NaiveSeats(SeatInstance instance)
{
    readonly Dictionary<string, string> seats = new(instance.Seats);
    readonly List<SeatRequest> waiting = [];
    readonly List<(string Ticket, string Event, string? Programme)> history = [];
    readonly List<(string Ticket, string Programme)> open = [];
    readonly Dictionary<string, SeatRequest> claimed = []; // by ticket the claim that got its seat; without, the draw or an offer
    readonly List<string> cancelled = [];
    List<string> free = [];
    bool over;

    public IReadOnlyDictionary<string, string> Seats => seats;

    public IReadOnlyList<SeatRequest> Waiting => waiting;

    /// <summary>Offers without an answer, the oldest first.</summary>
    public IReadOnlyList<(string Ticket, string Programme)> Open => open;

    /// <summary>Lets most answers meet an offer that is open.</summary>
    public SeatRequest Aim(SeatRequest request) =>
        request.Kind is SeatRequestKind.Accept or SeatRequestKind.Decline or SeatRequestKind.Expire && open.Count > 0 && request.Order % 4 != 0
            ? request with { Ticket = open[(int)(request.Order % open.Count)].Ticket, Preferences = [open[(int)(request.Order % open.Count)].Programme] }
            : request;

    public List<(string Ticket, string Event, string? Programme)> Decide(SeatRequest request)
    {
        var before = history.Count;
        free = [];
        var (ticket, own) = (request.Ticket, seats.GetValueOrDefault(request.Ticket));
        if (request.Kind == SeatRequestKind.Claim)
        {
            Claim(request, own);
        }
        else if (request.Kind == SeatRequestKind.Rescue)
        {
            Rescue();
        }
        else if (request.Kind == SeatRequestKind.Release)
        {
            Say(ticket, "released", own);
            if (own is null)
            {
                waiting.RemoveAll(claim => claim.Ticket == ticket);
            }
            else
            {
                seats.Remove(ticket);
                free.Add(own);
            }
        }
        else if (open.Remove((ticket, request.Preferences[0])))
        {
            if (request.Kind == SeatRequestKind.Accept)
            {
                waiting.RemoveAll(claim => claim.Ticket == ticket);
                Seat(ticket, "accepted", request.Preferences[0]);
            }
            else
            {
                Say(ticket, request.Kind == SeatRequestKind.Decline ? "declined" : "expired", request.Preferences[0]);
                free.Add(request.Preferences[0]);
            }
        }
        Settle();
        return history[before..];
    }

    void Settle()
    {
        for (; free.Count > 0; free.RemoveAt(0))
        {
            GiveOn(free[0]);
        }
    }

    /// <summary>R27.</summary>
    void Rescue()
    {
        if (over)
        {
            return;
        }
        over = true;
        var turns = new List<string>();
        while (instance.Programmes.Where(programme => Members(programme.Code) < programme.Minimum && !turns.Contains(programme.Code))
            .OrderBy(programme => Members(programme.Code)).ThenBy(programme => programme.Code, StringComparer.Ordinal).Select(programme => programme.Code).FirstOrDefault() is { } turn)
        {
            turns.Add(turn);
            var members = seats.Keys.Where(ticket => seats[ticket] == turn).OrderBy(ticket => claimed.GetValueOrDefault(ticket)?.Sequence ?? 0)
                .ThenBy(ticket => Array.FindIndex(instance.Lists!, list => list.Ticket == ticket)).ToList();
            if (members.Count > 0 && instance.Kept!.Contains(turn))
            {
                members.ForEach(ticket => Say(ticket, "overridden", turn));
                continue;
            }
            cancelled.Add(turn);
            members.ForEach(ticket => MoveFrom(turn, ticket));
            foreach (var offer in open.Where(offer => offer.Programme == turn).ToList())
            {
                open.Remove(offer);
                Say(offer.Ticket, "cancelled", turn);
            }
        }
    }

    void MoveFrom(string turn, string ticket)
    {
        if (seats.GetValueOrDefault(ticket) != turn)
        {
            return;
        }
        var list = claimed.TryGetValue(ticket, out var claim) ? claim.Preferences : instance.Lists!.Single(list => list.Ticket == ticket).Preferences;
        if (list.FirstOrDefault(code => !cancelled.Contains(code) && Taken(code) < Programme(code).Maximum && Members(code) >= 1) is { } other)
        {
            waiting.RemoveAll(earlier => earlier.Ticket == ticket);
            Seat(ticket, "rescued", other);
            Settle();
        }
        else
        {
            seats.Remove(ticket);
            Say(ticket, "cancelled", turn);
        }
    }

    void Claim(SeatRequest claim, string? own)
    {
        if (over || (own is not null && Members(own) >= Programme(own).Minimum) || claim.Preferences.Count == 0 || claim.Preferences.Any(code => !InScope(code)))
        {
            Say(claim.Ticket, "refused", null);
            return;
        }
        waiting.RemoveAll(earlier => earlier.Ticket == claim.Ticket);
        if (FirstFree(claim) is { } seat)
        {
            open.Remove((claim.Ticket, seat));
            claimed[claim.Ticket] = claim;
            Seat(claim.Ticket, "placed", seat);
        }
        else
        {
            Say(claim.Ticket, "waiting", null);
            waiting.Add(claim);
        }
    }

    /// <summary>R25.</summary>
    void GiveOn(string code)
    {
        if (cancelled.Contains(code) || Taken(code) >= Programme(code).Maximum)
        {
            return;
        }
        var line = instance.Lines?.GetValueOrDefault(code) ?? [];
        var hasHad = history.FindLast(said => said.Event == "offered" && said.Programme == code).Ticket;
        if (line.Skip(Array.IndexOf(line, hasHad) + 1).FirstOrDefault(ticket => !Ended(ticket)) is { } next)
        {
            Say(next, "offered", code);
            open.Add((next, code));
        }
        else if (waiting.Find(claim => claim.Preferences.Contains(code)) is { } claim)
        {
            waiting.Remove(claim);
            claimed[claim.Ticket] = claim;
            Seat(claim.Ticket, "promoted", code);
        }
    }

    void Seat(string ticket, string word, string code)
    {
        Say(ticket, word, code);
        if (seats.GetValueOrDefault(ticket) is { } own && own != code)
        {
            free.Add(own);
        }
        seats[ticket] = code;
        foreach (var other in open.Where(offer => offer.Ticket == ticket).ToList())
        {
            open.Remove(other);
            Say(ticket, "declined", other.Programme);
            free.Add(other.Programme);
        }
    }

    void Say(string ticket, string word, string? programme) => history.Add((ticket, word, programme));

    /// <summary>R26: a seat of phase B ends the runner-up ranks for ever.</summary>
    bool Ended(string ticket) => history.Any(line => line.Ticket == ticket && line.Event is "placed" or "promoted" or "accepted" or "rescued");

    /// <summary>Runners-up of a programme who still wait for an offer of it.</summary>
    public List<string> InLine(string code) =>
        [.. (instance.Lines?.GetValueOrDefault(code) ?? []).Where(ticket => !Ended(ticket) && !history.Contains((ticket, "offered", code)))];

    public IReadOnlyList<string> Cancelled => cancelled;

    public int Members(string code) => seats.Values.Count(seat => seat == code);

    public int Taken(string code) => Members(code) + open.Count(offer => offer.Programme == code);

    /// <summary>The claimant's own seat, and one on offer to them, are free to them.</summary>
    public string? FirstFree(SeatRequest claim) => claim.Preferences.FirstOrDefault(code =>
        seats.Count(seat => seat.Value == code && seat.Key != claim.Ticket) + open.Count(offer => offer.Programme == code && offer.Ticket != claim.Ticket) < Programme(code).Maximum);

    bool InScope(string code) => instance.Programmes.Any(programme => programme.Code == code && (programme.BelowMinimum || instance.Scope == "AnyVacancy"));

    SeatProgramme Programme(string code) => instance.Programmes.Single(programme => programme.Code == code);
}
