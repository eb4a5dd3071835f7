namespace EPimorfosi.Load;

/// <summary>The rescue at the end of phase B (R27), known by its first line; from there on each of its lines is owed.</summary>
public sealed partial class SeatReplay
{
    readonly HashSet<string> cancelled = [], kept = [];
    string? turn;
    bool rescued, over;

    /// <summary>Members of the programme whose turn it is that have not had their line, in their order.</summary>
    List<string> toMove = [];

    /// <summary>Programmes that the rescue cancelled, also those that were empty.</summary>
    public IReadOnlySet<string> Cancelled => cancelled;

    /// <summary>Programmes below their minimum that the office kept.</summary>
    public IReadOnlySet<string> Kept => kept;

    static bool IsRescue(LogLine line) => line.Event is "rescued" or "cancelled" or "overridden";

    (string, string, string?, long?)? OwedByRescue(string? written)
    {
        while (!over)
        {
            toMove.RemoveAll(ticket => !members[turn!].Contains(ticket)); // promoted away meanwhile
            if (toMove.FirstOrDefault() is { } member)
            {
                return kept.Contains(turn!) ? ("overridden", member, turn, null)
                    : Choices(member).FirstOrDefault(code => members[code].Count > 0 && Free(code) > 0) is { } to ? ("rescued", member, to, null)
                    : ("cancelled", member, turn, null);
            }
            if (offers.Find(offer => offer.Programme == turn && cancelled.Contains(turn)) is { Ticket: { } offered })
            {
                return ("cancelled", offered, turn, null);
            }
            turn = programmes.Values.Where(programme => members[programme.Code].Count < programme.Minimum && !cancelled.Contains(programme.Code) && !kept.Contains(programme.Code))
                .OrderBy(programme => members[programme.Code].Count).ThenBy(programme => programme.Code, StringComparer.Ordinal).FirstOrDefault()?.Code;
            if (turn is null)
            {
                over = true; // who falls below the minimum later is not rescued
                break;
            }
            toMove = [.. members[turn].OrderBy(ticket => Standing(ticket).ByClaim).ThenBy(ticket => Standing(ticket).Number)];
            (written == "overridden" && toMove.Count > 0 ? kept : cancelled).Add(turn);
        }
        return null;
    }

    string? Rescue(LogLine line)
    {
        var ofMember = toMove.Remove(line.Ticket);
        if (line.Event == "rescued")
        {
            StopWaiting(line.Ticket);
            return Take(line.Ticket, line.Programme!);
        }
        if (line.Event == "cancelled" && ofMember)
        {
            members[turn!].Remove(line.Ticket);
        }
        else if (line.Event == "cancelled")
        {
            offers.Remove((line.Ticket, turn!));
        }
        return null;
    }

    (bool ByClaim, long Number, string[] Choices) Standing(string ticket) => standings.TryGetValue(ticket, out var standing) ? standing : drawn[ticket];

    string[] Choices(string ticket) => Standing(ticket).Choices;
}
