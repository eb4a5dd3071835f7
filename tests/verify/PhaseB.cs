using System.Text;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Verify.Tests;

/// <summary>Writes the claim log of a phase B, decided by the service's own book.</summary>
static class PhaseB
{
    /// <param name="asked">Who (of the draw, or new), what (0-2 release, 3-5 the answer to an offer, else a claim), the list, and whether the claim is odd.</param>
    /// <param name="rescue">Before which of them phase B ends; and what the office keeps (R27).</param>
    public static string Log(Published draw, string scope, bool upgrade, (int Who, int Kind, string[] List, int Odd)[] asked, (int At, string[] Kept) rescue)
    {
        var book = new SeatBook(Start(draw, upgrade), scope);
        var (events, offers, sequence) = (new List<SeatEvent>(), new List<(string Ticket, string Programme)>(), 0L);
        foreach (var ((who, kind, list, odd), index) in asked.Select((request, index) => (request, index)))
        {
            var before = events.Count;
            if (index == rescue.At)
            {
                book.Rescue(new(Standings(draw, events), rescue.Kept.ToHashSet()), events);
            }
            var ticket = who < draw.Applications.Length ? draw.Applications[who].Ticket : $"NEW{who:00}";
            if (kind is >= 3 and <= 5 && offers.Count > 0)
            {
                var (to, programme) = offers[who % offers.Count];
                book.Decide(new(index + 1, null, kind switch { 3 => SeatRequestKind.Accept, 4 => SeatRequestKind.Decline, _ => SeatRequestKind.Expire }, to, [programme], default), events);
            }
            else if (kind <= 2)
            {
                book.Decide(new(index + 1, null, SeatRequestKind.Release, ticket, [], default), events);
            }
            else if (!book.IsOver || events.Exists(e => e.Event is SeatEvents.Rescued or SeatEvents.Cancelled or SeatEvents.Overridden)) // a rescue without a line: nobody can see why claims are refused now
            {
                book.Decide(new(index + 1, ++sequence, SeatRequestKind.Claim, ticket, odd switch { 0 => ["NO-SUCH"], 1 => [], _ => list }, default), events);
            }
            foreach (var e in events.Skip(before))
            {
                if (e.Event == SeatEvents.Offered)
                {
                    offers.Add((e.Ticket, e.Programme!));
                }
            }
        }
        return Text(events);
    }

    /// <summary>By what each has the seat: the last line that gave it.</summary>
    static Dictionary<string, MemberStanding> Standings(Published draw, List<SeatEvent> log)
    {
        var standings = draw.Result.Order.Index().ToDictionary(at => draw.Applications[at.Item].Ticket, at => new MemberStanding(null, at.Index + 1, draw.Applications[at.Item].Preferences));
        var drawn = standings.ToDictionary();
        foreach (var line in log)
        {
            if (line.Event == SeatEvents.Accepted)
            {
                standings[line.Ticket] = drawn[line.Ticket];
            }
            else if (line.Event is SeatEvents.Placed or SeatEvents.Promoted)
            {
                standings[line.Ticket] = new(line.Sequence, 0, log.First(claim => claim.Sequence == line.Sequence).Preferences);
            }
        }
        return standings;
    }

    public static string Text(IEnumerable<SeatEvent> events)
    {
        var (text, hash) = (new StringBuilder(SeatLog.Header(Published.Period)), SeatLog.Genesis);
        foreach (var (index, e) in events.Index())
        {
            var body = SeatLog.Body(index + 1, e);
            hash = SeatLog.Hash(hash, body);
            text.Append(body).Append('|').Append(hash).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Where phase B begins: the seats of the draw, and its runners-up in line (R25).</summary>
    static SeatStart Start(Published draw, bool upgrade)
    {
        var result = draw.Result;
        bool Below(int programme) => result.Members[programme] < draw.Programmes[programme].Minimum;
        var lines = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (programme, code) in draw.Programmes.Select((programme, index) => (index, programme.Code)))
        {
            lines[code] = [.. result.Order
                .Where(application => upgrade || result.Seat[application] < 0 || Below(result.Seat[application]))
                .Where(application => Position(application, programme) > 0)
                .OrderBy(application => Position(application, programme)).Select(application => draw.Applications[application].Ticket)];
        }
        return new(
            draw.Programmes.Select((programme, index) => new SeatProgramme(programme.Code, programme.Minimum, programme.Maximum, Below(index))),
            result.Order.Where(application => result.Seat[application] >= 0).Select(application => KeyValuePair.Create(draw.Applications[application].Ticket, draw.Programmes[result.Seat[application]].Code)),
            [], new(lines), [], new Dictionary<string, int>(), []);

        int Position(int application, int programme) => result.Book.Choices(application).IndexOf(programme) is >= 0 and var rank ? result.RunnerUpOf(application)[rank] : 0;
    }
}
