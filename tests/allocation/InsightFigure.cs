using System.Diagnostics;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;

namespace EPimorfosi.Allocation.Tests;

/// <summary>How long an estimate takes, for whoever asks: <c>-explicit only</c>.</summary>
public sealed class InsightFigure
{
    [Theory(Explicit = true), InlineData(15_000), InlineData(150_000)]
    public void Two_hundred_draws_of_a_book_and_a_list_asked_of_them(int applications)
    {
        var (random, book) = (new Random(1), new DrawBook(Enumerable.Range(0, 1500).Select(i => new DrawProgramme($"P{i:0000}", 10, 15))));
        for (var i = 0; i < applications; i++)
        {
            book.Add($"{i:0000000000000000}", Enumerable.Range(0, 10).Select(_ => (int)(1500 * Math.Pow(random.NextDouble(), 1.5))).Distinct().Select(programme => $"P{programme:0000}"));
        }
        Simulation.Run(book, 5);
        var started = Stopwatch.GetTimestamp();
        var simulation = Simulation.Run(book, 200);
        var simulated = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1000; i++)
        {
            Chance.ThisOrBetter(simulation, [.. Enumerable.Range(i % 1490, 10)]);
        }
        var asked = Stopwatch.GetElapsedTime(started);
        Assert.Equal(200, simulation.Draws);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{applications:N0} applications x 10 x 1,500 programmes: 200 draws {simulated.TotalMilliseconds:N0} ms on one core; a list of 10 asked of them {asked.TotalMicroseconds / 1000:N1} µs");
    }
}
