using CsCheck;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Applications;

namespace EPimorfosi.Allocation.Tests;

/// <summary>A small frozen list, its applications in the order they came in.</summary>
public sealed record DrawInstance(DrawProgramme[] Programmes, (string Ticket, string[] Preferences)[] Arrivals, byte[] Seed)
{
    public DrawBook Book()
    {
        var book = new DrawBook(Programmes);
        foreach (var (ticket, preferences) in Arrivals.OrderBy(arrival => arrival.Ticket, StringComparer.Ordinal))
        {
            book.Add(ticket, preferences);
        }
        return book;
    }

    public override string ToString() =>
        $"{string.Join(' ', Programmes)} {string.Join(' ', Arrivals.Select(arrival => $"{arrival.Ticket}:{string.Join(',', arrival.Preferences)}"))} {Convert.ToHexString(Seed)}";
}

/// <summary>A small period in phase B and what is asked of it.</summary>
/// <param name="Lines">By programme its runners-up in line, in draw order.</param>
/// <param name="Lists">Of the draw's applications, in its order.</param>
/// <param name="Kept">Programmes that the office keeps (R27).</param>
public sealed record SeatInstance(
    SeatProgramme[] Programmes, KeyValuePair<string, string>[] Seats, string Scope, SeatRequest[] Requests, Dictionary<string, string[]>? Lines = null,
    (string Ticket, string[] Preferences)[]? Lists = null, string[]? Kept = null)
{
    public RunnerUpLines InLine => new((Lines ?? []).ToDictionary(line => line.Key, line => (IReadOnlyList<string>)line.Value));

    public override string ToString() => $"{Scope} {string.Join(' ', Programmes)} | {string.Join(' ', Seats)} | {string.Join(' ', (Lines ?? []).Select(line => $"{line.Key}:{string.Join(',', line.Value)}"))} | "
        + $"{string.Join(' ', (Lists ?? []).Select(list => $"{list.Ticket}:{string.Join(',', list.Preferences)}"))} | kept {string.Join(',', Kept ?? [])} | "
        + string.Join(' ', Requests.Select(r => $"{r.Order}:{r.Kind}:{r.Ticket}:{string.Join(',', r.Preferences)}"));

    public SeatStart Start => new(Programmes, Seats, [], InLine, [], new Dictionary<string, int>(), []);

    /// <summary>What the rescue goes by after these lines: the last one that gave a ticket its seat.</summary>
    public RescueStart Rescue(IReadOnlyList<SeatEvent> log)
    {
        var standings = Lists!.Index().ToDictionary(at => at.Item.Ticket, at => new MemberStanding(null, at.Index + 1, at.Item.Preferences));
        foreach (var line in log.Where(line => line.Event is SeatEvents.Placed or SeatEvents.Promoted or SeatEvents.Accepted))
        {
            var place = Array.FindIndex(Lists!, list => list.Ticket == line.Ticket);
            standings[line.Ticket] = line.Event == SeatEvents.Accepted ? new(null, place + 1, Lists![place].Preferences)
                : new(line.Sequence, 0, log.First(claim => claim.Sequence == line.Sequence).Preferences);
        }
        return new(standings, Kept!.ToHashSet());
    }
}

/// <summary>Random instances, crowded enough for every rule to matter.</summary>
public static class Instances
{
    static readonly Gen<string> Ticket = Gen.String[Gen.Char["0123456789ABCDEFGHJKMNPQRSTVWXYZ"], 16, 16];

    public static Gen<DrawInstance> Draws { get; } =
        from programmes in Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4], (minimum, seats) => (minimum, seats)).Array[1, 6]
        from tickets in Ticket.HashSet[0, 30]
        from lists in List(programmes.Length).Array[tickets.Count]
        from seed in Gen.Byte.Array[32]
        select new DrawInstance(
            [.. programmes.Select((programme, i) => new DrawProgramme(Code(i), programme.minimum, programme.seats))],
            [.. tickets.Zip(lists)], seed);

    public static Gen<SeatInstance> Seats { get; } =
        from programmes in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Bool, (minimum, more, below) => (minimum, more, below)).Array[1, 5]
        from held in Gen.Int[0, programmes.Length - 1].Array[0, 8]
        from scope in Gen.Bool.Select(any => any ? "AnyVacancy" : "BelowMinimum")
        from lines in Gen.Int[0, 14].HashSet[0, 5].Array[programmes.Length]
        from asked in Gen.Select(Gen.Int[0, 14], Gen.Int[0, 9], List(programmes.Length), Gen.Int[0, 40]).Array[1, 60]
        from order in Gen.Shuffle(Enumerable.Range(0, 15).ToArray())
        from lists in List(programmes.Length).Array[15]
        from rescues in Gen.Int[0, 60].Array[0, 2]
        from kept in Gen.Int[0, 3].Array[programmes.Length]
        select SeatsOf(programmes, held, scope, lines, asked, rescues) with
        {
            Lists = [.. order.Select((ticket, place) => ($"T{ticket:00}", lists[place]))],
            Kept = [.. kept.Index().Where(some => some.Item == 0).Select(some => Code(some.Index))],
        };

    static SeatInstance SeatsOf((int Minimum, int More, bool Below)[] programmes, int[] held, string scope, HashSet<int>[] lines, (int Ticket, int Kind, string[] List, int Odd)[] asked, int[] rescues)
    {
        var all = programmes.Select((p, i) => new SeatProgramme(Code(i), p.Minimum, Math.Max(1, p.Minimum + p.More), p.Below)).ToArray();
        var seats = held.Select((programme, ticket) => (programme, ticket)).GroupBy(seat => seat.programme)
            .SelectMany(group => group.Take(all[group.Key].Maximum)).Select(seat => KeyValuePair.Create($"T{seat.ticket:00}", Code(seat.programme))).ToArray();
        var sequence = 0L;
        return new(all, seats, scope, [.. asked.Select((request, i) => request.Kind switch
        {
            _ when rescues.Contains(i) => new SeatRequest(i + 1, null, SeatRequestKind.Rescue, "-", [], default),
            <= 1 => new SeatRequest(i + 1, null, SeatRequestKind.Release, $"T{request.Ticket:00}", [], default),
            <= 4 => new SeatRequest(i + 1, null, (SeatRequestKind)request.Kind, $"T{request.Ticket:00}", request.List[..1], default),
            _ => new SeatRequest(i + 1, ++sequence, SeatRequestKind.Claim, $"T{request.Ticket:00}", request.Odd switch { 0 => ["NO-SUCH"], 1 => [], _ => request.List }, default),
        })], lines.Select((line, i) => (Code(i), line.Select(ticket => $"T{ticket:00}").Except(seats.Where(seat => seat.Value == Code(i)).Select(seat => seat.Key)).ToArray())).ToDictionary());
    }

    static string Code(int programme) => $"P-{programme}";

    static Gen<string[]> List(int programmes) =>
        from shuffled in Gen.Shuffle(Enumerable.Range(0, programmes).Select(Code).ToArray())
        from length in Gen.Int[1, programmes]
        select shuffled[..length];
}
