using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Replays a claim log from its text alone over the seats of the draw, as any outsider may (R24).</summary>
public static class LogReplay
{
    /// <summary>By ticket the seat at the end.</summary>
    /// <param name="lines">By programme its runners-up in line, in draw order.</param>
    /// <param name="minima">For the rescue (R27); without, a log must not have one.</param>
    /// <param name="lists">Of the draw's applications, in its order.</param>
    public static Dictionary<string, string> Verify(
        string log, IReadOnlyDictionary<string, int> maxima, Dictionary<string, string> seats, IReadOnlyDictionary<string, string[]>? lines = null,
        IReadOnlyDictionary<string, int>? minima = null, (string Ticket, string[] List)[]? lists = null)
    {
        var (offers, had, ended) = (new List<(string Ticket, string Programme)>(), new HashSet<(string, string)>(), new HashSet<string>());
        var waiting = new SortedDictionary<long, (string Ticket, string[] List)>();
        var (hash, claims) = (new string('0', 64), 0L);
        var (standings, gone, stay, over) = ((lists ?? []).Index().ToDictionary(at => at.Item.Ticket, at => (Sequence: 0L, at.Item.List)), new List<string>(), new List<string>(), false);
        var (turn, left) = ((string?)null, new Queue<string>());
        Assert.EndsWith("\n", log, StringComparison.Ordinal);
        foreach (var (i, line) in log.Split('\n')[1..^1].Index())
        {
            var cut = line.LastIndexOf('|');
            hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{hash}\n{line[..cut]}")));
            Assert.Equal(hash, line[(cut + 1)..]);
            Assert.Equal([$"{i + 1}"], line.Split('|')[..1]);
            if (line.Split('|') is [_, var sequence, var ticket, var kind, var programme, var list, _])
            {
                if (kind is "placed" or "waiting" or "refused")
                {
                    Assert.Equal($"{++claims}", sequence);
                }
                Step(kind, long.TryParse(sequence, out var number) ? number : 0, ticket, programme, list.Split(','));
            }
            Assert.All(maxima, maximum => Assert.InRange(Members(maximum.Key) + offers.Count(offer => offer.Programme == maximum.Key), 0, maximum.Value));
        }
        Complete();
        return seats;

        void Step(string kind, long sequence, string ticket, string programme, string[] list)
        {
            var own = seats.GetValueOrDefault(ticket);
            if (kind is "placed" or "waiting" or "refused" or "released" or "accepted" or "expired" || (kind == "declined" && !ended.Contains(ticket)))
            {
                Complete();
                Assert.True(kind is not ("placed" or "waiting") || !over, "a claim after the rescue");
            }
            switch (kind)
            {
                case "rescued" or "cancelled" or "overridden":
                    Rescue(kind, ticket, programme);
                    break;
                case "placed":
                    Forget(ticket);
                    seats.Remove(ticket);
                    Assert.Equal(programme, list.First(code => Free(code) || offers.Contains((ticket, code))));
                    offers.Remove((ticket, programme));
                    seats[ticket] = programme;
                    standings[ticket] = (sequence, list);
                    ended.Add(ticket);
                    break;
                case "waiting":
                    Forget(ticket);
                    seats.Remove(ticket);
                    Assert.DoesNotContain(list, code => Free(code) || offers.Contains((ticket, code)));
                    waiting[sequence] = (ticket, list);
                    Restore(ticket, own);
                    break;
                case "released" when own is null:
                    Assert.Equal("-", programme);
                    Forget(ticket);
                    break;
                case "released":
                    Assert.Equal(own, programme);
                    seats.Remove(ticket);
                    break;
                case "promoted":
                    Assert.True(Free(programme));
                    Assert.Equal(sequence, waiting.First(claim => claim.Value.List.Contains(programme)).Key);
                    Assert.Equal(ticket, waiting[sequence].Ticket);
                    Assert.Null(NextRunnerUp(programme));
                    standings[ticket] = (sequence, waiting[sequence].List);
                    waiting.Remove(sequence);
                    seats[ticket] = programme;
                    ended.Add(ticket);
                    break;
                case "offered":
                    Assert.True(Free(programme));
                    Assert.Equal(NextRunnerUp(programme), ticket);
                    offers.Add((ticket, programme));
                    had.Add((ticket, programme));
                    break;
                case "accepted":
                    Assert.True(offers.Remove((ticket, programme)));
                    Forget(ticket);
                    seats[ticket] = programme;
                    standings[ticket] = (0, lists?.FirstOrDefault(drawn => drawn.Ticket == ticket).List ?? []);
                    ended.Add(ticket);
                    break;
                case "declined" or "expired":
                    Assert.True(offers.Remove((ticket, programme)));
                    break;
                default:
                    Assert.Equal("refused", kind);
                    break;
            }
        }

        void Rescue(string kind, string ticket, string programme)
        {
            Assert.False(over);
            if (Left() is null && OffersOf(turn) is [])
            {
                Assert.True(Next(kind == "overridden"), "nothing is left to rescue");
            }
            if (Left() is not { } member)
            {
                Assert.Equal(("cancelled", OffersOf(turn)[0].Ticket, turn), (kind, ticket, programme));
                offers.Remove((ticket, programme));
                return;
            }
            Assert.Equal(member, ticket);
            left.Dequeue();
            if (stay.Contains(turn!))
            {
                Assert.Equal(("overridden", turn), (kind, programme));
                return;
            }
            var to = standings[ticket].List.FirstOrDefault(code => Free(code) && Members(code) > 0);
            Assert.Equal(to is null ? ("cancelled", turn) : ("rescued", to), (kind, programme));
            seats.Remove(ticket);
            if (to is not null)
            {
                Forget(ticket);
                seats[ticket] = to;
                ended.Add(ticket);
            }
        }

        string? Left()
        {
            while (left.TryPeek(out var member) && seats.GetValueOrDefault(member) != turn)
            {
                left.Dequeue(); // promoted meanwhile
            }
            return left.TryPeek(out var next) ? next : null;
        }

        List<(string Ticket, string Programme)> OffersOf(string? code) => [.. offers.Where(offer => offer.Programme == code && gone.Contains(code))];

        /// <summary>The next programme that must have a line.</summary>
        bool Next(bool kept)
        {
            while (minima?.Where(minimum => Members(minimum.Key) < minimum.Value && !gone.Contains(minimum.Key) && !stay.Contains(minimum.Key))
                .OrderBy(minimum => Members(minimum.Key)).ThenBy(minimum => minimum.Key, StringComparer.Ordinal).Select(minimum => minimum.Key).FirstOrDefault() is { } code)
            {
                turn = code;
                left = new(seats.Where(seat => seat.Value == code).Select(seat => seat.Key).OrderBy(ticket => standings[ticket].Sequence)
                    .ThenBy(ticket => Array.FindIndex(lists!, drawn => drawn.Ticket == ticket)));
                (kept && left.Count > 0 ? stay : gone).Add(code);
                if (left.Count > 0 || OffersOf(code).Count > 0)
                {
                    return true;
                }
            }
            return false;
        }

        void Complete()
        {
            if (turn is null || over)
            {
                return;
            }
            Assert.True(Left() is null && OffersOf(turn) is [] && !Next(kept: false), $"the rescue of {turn} is not complete");
            over = true;
        }

        int Members(string code) => seats.Values.Count(seat => seat == code);

        bool Free(string code) => !gone.Contains(code) && Members(code) + offers.Count(offer => offer.Programme == code) < maxima[code];

        string? NextRunnerUp(string code)
        {
            var line = lines?.GetValueOrDefault(code) ?? [];
            return line.Skip(Array.FindLastIndex(line, ticket => had.Contains((ticket, code))) + 1).FirstOrDefault(ticket => !ended.Contains(ticket));
        }

        void Restore(string ticket, string? own)
        {
            if (own is not null)
            {
                seats[ticket] = own;
            }
        }

        void Forget(string ticket)
        {
            foreach (var (sequence, _) in waiting.Where(claim => claim.Value.Ticket == ticket).ToList())
            {
                waiting.Remove(sequence);
            }
        }
    }
}
