using System.Globalization;

namespace EPimorfosi.Load;

/// <summary>A line of the claim log (format 1).</summary>
/// <param name="Sequence">Null where the log has <c>-</c>.</param>
/// <param name="Programme">Null for none.</param>
public sealed record LogLine(long Number, long? Sequence, string Ticket, string Event, string? Programme, string[] Choices, string Hash, string Hashed)
{
    /// <summary>One of the three outcomes of a claim.</summary>
    public bool IsOutcome => Event is "placed" or "waiting" or "refused";
}

/// <summary>
/// Phase B once more, from the public log over the public results (R20-R27): each line is judged by the rules, a seat at a time, and the
/// first wrong one is named. Slow on purpose: it looks at everybody each time instead of keeping count.
/// </summary>
public sealed partial class SeatReplay
{
    readonly Dictionary<string, ListedProgramme> programmes;
    readonly Dictionary<string, HashSet<string>> members;
    readonly Dictionary<string, List<string>> lines;
    readonly SortedDictionary<long, LogLine> waiting = [];
    readonly List<(string Ticket, string Programme)> offers = [];
    readonly HashSet<string> ended = [];

    /// <summary>Offers that end because their ticket got a seat of phase B: their lines come next (R26).</summary>
    readonly Queue<(string Ticket, string Programme)> lapsed = [];

    /// <summary>Seats given up, first in, first out: each may owe an offer or a promotion before any other line (R25).</summary>
    readonly Queue<string> freed = [];

    /// <summary>Of each ticket's seat: the place in the draw and the application's list, or the sequence and the list of the claim that got it.</summary>
    readonly Dictionary<string, (bool ByClaim, long Number, string[] Choices)> standings = [];
    readonly Dictionary<string, (bool ByClaim, long Number, string[] Choices)> drawn;
    long lastSequence;

    public SeatReplay(IEnumerable<ListedProgramme> programmes, IReadOnlyCollection<Placement> results, IEnumerable<ListedApplication> applications)
    {
        this.programmes = programmes.ToDictionary(programme => programme.Code);
        members = this.programmes.Keys.ToDictionary(code => code, _ => new HashSet<string>());
        foreach (var placed in results.Where(placed => placed.Rank > 0))
        {
            members[placed.Programme].Add(placed.Ticket);
        }
        var lists = applications.ToDictionary(application => application.Ticket, application => application.Choices);
        drawn = results.ToDictionary(line => line.Ticket, line => (false, (long)line.Place, lists[line.Ticket]));
        lines = results.OrderBy(line => line.Place).Where(line => line.Rank == 0 || members[line.Programme].Count < this.programmes[line.Programme].Minimum)
            .SelectMany(line => lists[line.Ticket].Take(line.Rank > 0 ? line.Rank - 1 : int.MaxValue).Select(code => (code, line.Ticket)))
            .GroupBy(one => one.code).ToDictionary(line => line.Key, line => line.Select(one => one.Ticket).ToList());
    }

    public IReadOnlyDictionary<string, HashSet<string>> Members => members;

    /// <summary>Offers that nobody has answered yet.</summary>
    public IReadOnlyList<(string Ticket, string Programme)> Offers => offers;

    /// <summary>Sequences that still wait for a seat.</summary>
    public IEnumerable<long> Waiting => waiting.Keys;

    public string? SeatOf(string ticket) => members.Where(programme => programme.Value.Contains(ticket)).Select(programme => programme.Key).SingleOrDefault();

    /// <summary>Seats that a claim may take.</summary>
    public int Free(string code) => cancelled.Contains(code) ? 0 : programmes[code].Maximum - members[code].Count - offers.Count(offer => offer.Programme == code);

    public static List<LogLine> Parse(string log)
    {
        var lines = log.Split('\n');
        return lines[0].StartsWith("epimorfosi-seats-v1 ", StringComparison.Ordinal) && lines[^1].Length == 0
            ? [.. lines[1..^1].Select(Line)]
            : throw new FormatException("Not a claim log with a line feed after every line.");
    }

    static LogLine Line(string line)
    {
        var part = line.Split('|');
        return new(long.Parse(part[0], CultureInfo.InvariantCulture), part[1] == "-" ? null : long.Parse(part[1], CultureInfo.InvariantCulture),
            part[2], part[3], part[4] == "-" ? null : part[4], part[5] == "-" ? [] : part[5].Split(','), part[6], line[..line.LastIndexOf('|')]);
    }

    /// <summary>Replays the whole log; the answer is what is wrong with it, null if nothing.</summary>
    public string? Run(IReadOnlyList<LogLine> log)
    {
        var previous = new string('0', 64);
        foreach (var (index, line) in log.Index())
        {
            var wrong = line.Number != index + 1 ? "is out of number"
                : SecondDraw.Digest($"{previous}\n{line.Hashed}") != line.Hash ? "breaks the chain of hashes"
                : Judge(line);
            if (wrong is not null)
            {
                return $"line {index + 1} ({line.Hashed}) {wrong}";
            }
            previous = line.Hash;
        }
        return Owed() is { } owed ? $"the log ends although {owed} should have followed" : null;
    }

    string? Judge(LogLine line)
    {
        if (IsRescue(line) && !rescued && Owed() is null)
        {
            rescued = true;
        }
        if (Owed(line.Event) is { } owed)
        {
            return (line.Event, line.Ticket, line.Programme, line.Sequence) == owed && line.Choices.Length == 0 ? Follow(line) : $"comes although {owed} should have followed";
        }
        return line.Event switch
        {
            "released" => Release(line),
            "placed" or "waiting" or "refused" => Claim(line),
            "accepted" or "declined" or "expired" => Answer(line),
            "offered" or "promoted" => "comes although no seat was given up",
            "rescued" or "cancelled" or "overridden" => "comes although there is nothing to rescue, or no more (R27)",
            _ => "is of a kind this replay does not know",
        };
    }

    /// <summary>The line that must follow from those before it.</summary>
    /// <param name="written">The event as the log has it, which alone tells that the office keeps a programme.</param>
    (string Event, string Ticket, string? Programme, long? Sequence)? Owed(string? written = null)
    {
        if (lapsed.TryPeek(out var lapse))
        {
            return ("declined", lapse.Ticket, lapse.Programme, null);
        }
        for (; freed.TryPeek(out var code); freed.Dequeue())
        {
            if (Free(code) <= 0)
            {
                continue;
            }
            if (lines.GetValueOrDefault(code, []).Find(ticket => !ended.Contains(ticket)) is { } next)
            {
                return ("offered", next, code, null);
            }
            if (waiting.Values.FirstOrDefault(claim => claim.Choices.Contains(code)) is { } claim)
            {
                return ("promoted", claim.Ticket, code, claim.Sequence);
            }
        }
        return rescued ? OwedByRescue(written) : null;
    }

    string? Follow(LogLine line)
    {
        if (line.Event == "declined")
        {
            lapsed.Dequeue();
            return End(line);
        }
        if (IsRescue(line))
        {
            return Rescue(line);
        }
        freed.Dequeue();
        if (line.Event == "promoted")
        {
            standings[line.Ticket] = (true, line.Sequence!.Value, waiting[line.Sequence!.Value].Choices);
            waiting.Remove(line.Sequence!.Value);
            return Take(line.Ticket, line.Programme!);
        }
        offers.Add((line.Ticket, line.Programme!));
        lines[line.Programme!].RemoveAll(ticket => ticket == line.Ticket || ended.Contains(ticket)); // an offer is made once
        return null;
    }

    string? Claim(LogLine line)
    {
        if (line.Sequence != ++lastSequence)
        {
            return $"is not claim {lastSequence}, which is next (R23)";
        }
        var own = SeatOf(line.Ticket);
        var outcome = rescued || own is not null && members[own].Count >= programmes[own].Minimum ? ("refused", null) : Place(line, own);
        if ((line.Event, line.Programme) != outcome)
        {
            return $"should have been {outcome.Item1} {outcome.Item2}";
        }
        if (line.Event == "refused")
        {
            return null;
        }
        StopWaiting(line.Ticket);
        if (line.Event == "waiting")
        {
            waiting[lastSequence] = line;
            return null;
        }
        offers.Remove((line.Ticket, line.Programme!));
        standings[line.Ticket] = (true, lastSequence, line.Choices);
        return Take(line.Ticket, line.Programme!);
    }

    /// <summary>R23 with R20 and R25: the first listed programme with a free seat; the claimant's own seat, and one on offer to them, are free to them.</summary>
    (string, string?) Place(LogLine line, string? own)
    {
        var free = line.Choices.FirstOrDefault(code => code == own || Free(code) > 0 || offers.Contains((line.Ticket, code)));
        return free is null ? ("waiting", null) : ("placed", free);
    }

    string? Release(LogLine line)
    {
        var own = SeatOf(line.Ticket);
        if (line.Programme != own)
        {
            return $"releases another seat than the one held, {own ?? "none"}";
        }
        if (own is null)
        {
            StopWaiting(line.Ticket);
            return null;
        }
        members[own].Remove(line.Ticket);
        freed.Enqueue(own);
        return null;
    }

    string? Answer(LogLine line)
    {
        if (line.Event != "accepted")
        {
            return End(line);
        }
        if (!offers.Remove((line.Ticket, line.Programme!)))
        {
            return "accepts a seat that is not on offer";
        }
        StopWaiting(line.Ticket);
        return Take(line.Ticket, line.Programme!);
    }

    string? End(LogLine line)
    {
        freed.Enqueue(line.Programme!);
        return offers.Remove((line.Ticket, line.Programme!)) ? null : "ends an offer that is not open";
    }

    string? Take(string ticket, string code)
    {
        if (SeatOf(ticket) is var own && own != code)
        {
            if (own is not null)
            {
                members[own].Remove(ticket);
                freed.Enqueue(own);
            }
            members[code].Add(ticket);
        }
        ended.Add(ticket);
        offers.Where(offer => offer.Ticket == ticket).ToList().ForEach(lapsed.Enqueue);
        return members[code].Count + offers.Count(offer => offer.Programme == code) > programmes[code].Maximum ? "puts more members into a programme than its maximum (I2)" : null;
    }

    void StopWaiting(string ticket)
    {
        foreach (var sequence in waiting.Where(claim => claim.Value.Ticket == ticket).Select(claim => claim.Key).ToList())
        {
            waiting.Remove(sequence);
        }
    }
}
