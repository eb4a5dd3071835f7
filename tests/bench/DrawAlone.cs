using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;

namespace EPimorfosi.Bench;

/// <summary>The draw in memory: against the sorting of its keys alone, and against itself at a tenth of the size; and many of them for an estimate.</summary>
static class DrawAlone
{
    const int Rounds = 7;

    public static IEnumerable<Row> Run()
    {
        var (small, large) = (Book(150_000), Book(1_500_000));
        var seed = new byte[32];
        Draw.Run(small, seed); // warm
        List<TimeSpan> draw = [], keys = [], big = [];
        for (var round = 0; round < Rounds; round++)
        {
            var hashed = small.Tickets.Select(ticket => SHA256.HashData([.. seed, .. Encoding.ASCII.GetBytes(ticket)])).ToArray();
            keys.Add(Time(() => Array.Sort(hashed, (one, other) => one.AsSpan().SequenceCompareTo(other))));
            draw.Add(Time(() => Draw.Run(small, seed)));
            big.Add(Time(() => Draw.Run(large, seed)));
        }
        yield return Row.Of("Draw.Run, 150,000 x 10 x 1,500; reference: sorting its SHA-256 keys alone", draw, keys, 3);
        var fifteen = Book(15_000);
        Simulation.Run(fifteen, 5);
        yield return Row.Of("chance: 200 simulated draws of 15,000 x 10; reference: the two seconds that are the aim",
            Enumerable.Range(0, Rounds).Select(_ => Time(() => Simulation.Run(fifteen, 200))), [TimeSpan.FromSeconds(2)], 1);
        yield return Row.Of("Draw.Run, 1,500,000 x 10 x 15,000; reference: ten times the 150,000", big, draw.Select(time => time * 10), 1.5);
    }

    /// <summary>Ten choices out of a neighbourhood of the catalogue, which has a programme for a hundred applications.</summary>
    public static DrawBook Book(int applications)
    {
        var (random, programmes) = (new Random(1), applications / 100);
        var codes = Enumerable.Range(0, programmes).Select(number => $"P{number:00000}").ToArray();
        var book = new DrawBook(codes.Select(code => new DrawProgramme(code, 10, 15)));
        for (var number = 0; number < applications; number++)
        {
            var first = random.Next(programmes - 9);
            book.Add($"{number:0000000000000000}", codes[first..(first + 10)]);
        }
        return book;
    }

    public static TimeSpan Time(Action act)
    {
        var started = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(started);
    }
}
