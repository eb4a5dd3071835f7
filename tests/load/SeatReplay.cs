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
/// Phase B once more, from the public log over the public results (R20-R24): each line is judged by the rules, a seat at a time, and the
/// first wrong one is named. Slow on purpose: it looks at everybody each time instead of keeping count.
/// </summary>
public sealed class SeatReplay
{
    readonly Dictionary<string, ListedProgramme> programmes;
    readonly Dictionary<string, HashSet<string>> members;
    readonly SortedDictionary<long, LogLine> waiting = [];

    /// <summary>A seat that was freed and may owe a promotion: no other line may come before it.</summary>
    string? freed;
    long lastSequence;

    public SeatReplay(IEnumerable<ListedProgramme> programmes, IEnumerable<Placement> results)
    {
        this.programmes = programmes.ToDictionary(programme => programme.Code);
        members = this.programmes.Keys.ToDictionary(code => code, _ => new HashSet<string>());
        foreach (var placed in results.Where(placed => placed.Rank > 0))
        {
            members[placed.Programme].Add(placed.Ticket);
        }
    }

    public IReadOnlyDictionary<string, HashSet<string>> Members => members;

    /// <summary>Sequences that still wait for a seat.</summary>
    public IEnumerable<long> Waiting => waiting.Keys;

    public string? SeatOf(string ticket) => members.Where(programme => programme.Value.Contains(ticket)).Select(programme => programme.Key).SingleOrDefault();

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
        return Owed() is { } owed ? $"the log ends although claim {owed} should have been promoted to {freed}" : null;
    }

    string? Judge(LogLine line)
    {
        if (line.Event == "promoted")
        {
            return Promote(line);
        }
        if (Owed() is { } owed)
        {
            return $"comes although claim {owed} should first have been promoted to {freed}";
        }
        return line.Event switch
        {
            "released" => Release(line),
            "placed" or "waiting" or "refused" => Claim(line),
            _ => "is of a kind this replay does not know",
        };
    }

    string? Claim(LogLine line)
    {
        if (line.Sequence != ++lastSequence)
        {
            return $"is not claim {lastSequence}, which is next (R23)";
        }
        var own = SeatOf(line.Ticket);
        var outcome = own is not null && members[own].Count >= programmes[own].Minimum ? ("refused", null) : Place(line, own);
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
        return Move(line.Ticket, own, line.Programme!);
    }

    /// <summary>R23 with R20: the first listed programme with a free seat; the claimant's own provisional seat is free to them.</summary>
    (string, string?) Place(LogLine line, string? own)
    {
        var free = line.Choices.FirstOrDefault(code => code == own || members[code].Count < programmes[code].Maximum);
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
        freed = own;
        return null;
    }

    string? Promote(LogLine line)
    {
        if (Owed() is not { } owed || line.Sequence != owed || line.Programme != freed || line.Ticket != waiting[owed].Ticket)
        {
            return "promotes a claim whose turn it is not";
        }
        waiting.Remove(owed);
        return Move(line.Ticket, SeatOf(line.Ticket), line.Programme!);
    }

    /// <summary>The first waiting claim that lists the freed seat.</summary>
    long? Owed() => freed is null || members[freed].Count >= programmes[freed].Maximum
        ? null
        : waiting.Where(claim => claim.Value.Choices.Contains(freed)).Select(claim => (long?)claim.Key).FirstOrDefault();

    string? Move(string ticket, string? from, string to)
    {
        freed = from == to ? null : from;
        if (from is not null)
        {
            members[from].Remove(ticket);
        }
        members[to].Add(ticket);
        return members[to].Count > programmes[to].Maximum ? "puts more members into a programme than its maximum (I2)" : null;
    }

    void StopWaiting(string ticket)
    {
        foreach (var sequence in waiting.Where(claim => claim.Value.Ticket == ticket).Select(claim => claim.Key).ToList())
        {
            waiting.Remove(sequence);
        }
    }
}
