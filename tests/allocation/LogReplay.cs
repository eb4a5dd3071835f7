using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Replays a claim log from its text alone over the seats of the draw, as any outsider may (R24).</summary>
public static class LogReplay
{
    /// <summary>By ticket the seat at the end.</summary>
    /// <param name="lines">By programme its runners-up in line, in draw order.</param>
    public static Dictionary<string, string> Verify(
        string log, IReadOnlyDictionary<string, int> maxima, Dictionary<string, string> seats, IReadOnlyDictionary<string, string[]>? lines = null)
    {
        var (offers, had, ended) = (new List<(string Ticket, string Programme)>(), new HashSet<(string, string)>(), new HashSet<string>());
        var waiting = new SortedDictionary<long, (string Ticket, string[] List)>();
        var (hash, claims) = (new string('0', 64), 0L);
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
        return seats;

        void Step(string kind, long sequence, string ticket, string programme, string[] list)
        {
            var own = seats.GetValueOrDefault(ticket);
            switch (kind)
            {
                case "placed":
                    Forget(ticket);
                    seats.Remove(ticket);
                    Assert.Equal(programme, list.First(code => Free(code) || offers.Contains((ticket, code))));
                    offers.Remove((ticket, programme));
                    seats[ticket] = programme;
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

        int Members(string code) => seats.Values.Count(seat => seat == code);

        bool Free(string code) => Members(code) + offers.Count(offer => offer.Programme == code) < maxima[code];

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
