using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Phase B again, with lists and full searches: after each request whoever waits longest and can have a seat gets it.</summary>
public sealed class NaiveSeats(SeatInstance instance)
{
    readonly Dictionary<string, string> seats = new(instance.Seats);
    readonly List<SeatRequest> waiting = [];

    public IReadOnlyDictionary<string, string> Seats => seats;

    public IReadOnlyList<SeatRequest> Waiting => waiting;

    public List<(string Ticket, string Event, string? Programme)> Decide(SeatRequest request)
    {
        var events = new List<(string, string, string?)>();
        var own = seats.GetValueOrDefault(request.Ticket);
        if (request.Kind == SeatRequestKind.Release)
        {
            events.Add((request.Ticket, "released", own));
            if (!seats.Remove(request.Ticket))
            {
                waiting.RemoveAll(claim => claim.Ticket == request.Ticket);
            }
        }
        else if ((own is not null && Members(own) >= Programme(own).Minimum) || request.Preferences.Count == 0 || request.Preferences.Any(code => !Open(code)))
        {
            events.Add((request.Ticket, "refused", null));
        }
        else
        {
            waiting.RemoveAll(claim => claim.Ticket == request.Ticket);
            if (FirstFree(request) is { } free)
            {
                events.Add((request.Ticket, "placed", free));
                seats[request.Ticket] = free;
            }
            else
            {
                events.Add((request.Ticket, "waiting", null));
                waiting.Add(request);
            }
        }
        while (waiting.Find(claim => FirstFree(claim) is not null) is { } next)
        {
            var free = FirstFree(next)!;
            waiting.Remove(next);
            seats[next.Ticket] = free;
            events.Add((next.Ticket, "promoted", free));
        }
        return events;
    }

    public int Members(string code) => seats.Values.Count(seat => seat == code);

    public string? FirstFree(SeatRequest claim) =>
        claim.Preferences.FirstOrDefault(code => seats.Count(seat => seat.Value == code && seat.Key != claim.Ticket) < Programme(code).Maximum);

    bool Open(string code) => instance.Programmes.Any(programme => programme.Code == code && (programme.BelowMinimum || instance.Scope == "AnyVacancy"));

    SeatProgramme Programme(string code) => instance.Programmes.Single(programme => programme.Code == code);
}
