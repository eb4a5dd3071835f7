using CsCheck;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Simulated draws, and the chance that is read from them.</summary>
public sealed class InsightTests
{
    [Fact]
    public void A_simulated_draw_is_the_draw_in_its_order() => Instances.Draws.Sample(instance => // R16
    {
        var drawn = Draw.Run(instance.Book(), instance.Seed);
        var simulation = new Simulation(instance.Book(), 1);
        simulation.Add(drawn.Order);
        for (var programme = 0; programme < instance.Programmes.Length; programme++)
        {
            Assert.Equal(drawn.Members[programme], simulation.Members(programme)[0]);
            Assert.Equal(drawn.CutOff[programme] is > 0 and var cutOff ? cutOff : instance.Arrivals.Length + 1, simulation.LastPlaces(programme)[0]);
        }
        Assert.All(simulation.Ranks.Index(), rank => Assert.Equal(rank.Item, drawn.Order.Count(application => drawn.Rank(application) == rank.Index)));
    });

    [Fact]
    public void Over_every_order_of_the_others_the_chance_is_exactly_that_over_every_order_with_the_newcomer() => Newcomers.Sample((instance, list) =>
    {
        var others = instance.Arrivals.Length;
        var simulation = new Simulation(instance.Book(), (int)InsightOrders.Factorial(others));
        foreach (var order in InsightOrders.All(others))
        {
            simulation.Add(order);
        }
        var shares = Chance.ThisOrBetter(simulation, Numbers(instance, list));
        Assert.All(Exact(instance, list), (exact, rank) => Assert.Equal(exact, shares[rank], 12));
    }, iter: 300);

    [Fact]
    public void A_chance_from_some_orders_is_near_that_from_all() => Newcomers.Sample((instance, list) =>
    {
        const int draws = 2000;
        var simulation = Simulation.Run(instance.Book(), draws);
        var shares = Chance.ThisOrBetter(simulation, Numbers(instance, list));
        // A share per draw lies between 0 and 1, so that their mean has a standard deviation of at most 0.5 / √draws.
        Assert.All(Exact(instance, list), (exact, rank) => Assert.InRange(shares[rank], exact - (3 / Math.Sqrt(draws)), exact + (3 / Math.Sqrt(draws))));
    }, iter: 100);

    [Fact]
    public void Who_is_in_the_book_already_is_never_promised_too_much() => Newcomers.Sample((instance, list) =>
    {
        var mine = ("~", list); // after every other ticket
        var with = instance with { Arrivals = [.. instance.Arrivals.Take(4), mine] };
        var simulation = new Simulation(with.Book(), (int)InsightOrders.Factorial(with.Arrivals.Length));
        foreach (var order in InsightOrders.All(with.Arrivals.Length))
        {
            simulation.Add(order);
        }
        var estimate = Chance.ThisOrBetter(simulation, Numbers(with, list));
        Assert.All(Exact(instance.First(4), list), (exact, rank) => Assert.True(estimate[rank] <= exact + 1e-12));
    }, iter: 200);

    [Fact]
    public void Down_the_list_the_chance_never_falls_and_its_parts_add_up() => Instances.Draws.Sample(instance =>
    {
        var simulation = Simulation.Run(instance.Book(), 50);
        var shares = Chance.ThisOrBetter(simulation, [.. Enumerable.Range(0, instance.Programmes.Length)]);
        Assert.Equal(shares.Order(), shares);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(simulation.Draws * (long)simulation.Applications, simulation.Ranks.Sum());
    });

    [Fact]
    public void A_programme_with_a_seat_for_everybody_is_certain_and_nothing_below_it_adds_to_that()
    {
        var book = new DrawBook([new("ALL", 1, 3), new("ONE", 1, 1)]);
        book.Add("A", ["ONE", "ALL"]);
        book.Add("B", ["ONE", "ALL"]);
        var simulation = Simulation.Run(book, 10);
        Assert.Equal([1, 1], Chance.ThisOrBetter(simulation, [0, 1]));
        Assert.Equal([1.0 / 3, 1], Chance.ThisOrBetter(simulation, [1, 0])); // one of three who all want it first
    }

    [Fact]
    public void A_programme_can_run_from_its_minimum_on() // R20
    {
        var book = new DrawBook([new("TWO", 2, 3), new("THREE", 3, 3)]);
        book.Add("A", ["TWO"]);
        book.Add("B", ["TWO"]);
        book.Add("C", ["THREE"]);
        book.Add("D", ["THREE"]);
        var simulation = Simulation.Run(book, 10);
        Assert.Equal((10, 0), (simulation.Viable(0), simulation.Viable(1)));
        Assert.Equal((2, 2), (simulation.MedianMembers(0), simulation.MedianMembers(1)));
    }

    [Fact]
    public void Every_order_is_as_likely_as_any_other()
    {
        var shuffle = new Shuffle(4);
        var counts = new Dictionary<string, int>();
        for (var draw = 0; draw < 24_000; draw++)
        {
            var order = string.Join(',', shuffle.Next().ToArray());
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000), 0, 49.7); // chi-square, 23 degrees of freedom: 0.1 % of true shuffles are above
    }

    [Fact]
    public void The_same_book_has_the_same_estimate_wherever_it_is_made() => Instances.Draws.Sample(instance =>
    {
        var (one, other) = (Simulation.Run(instance.Book(), 20), Simulation.Run(instance.Book(), 20));
        Assert.All(Enumerable.Range(0, instance.Programmes.Length), programme => Assert.Equal(one.LastPlaces(programme).ToArray(), other.LastPlaces(programme).ToArray()));
    });

    static readonly Gen<(DrawInstance Instance, string[] List)> Newcomers =
        from instance in Instances.Draws
        from others in Gen.Int[0, 5]
        from shuffled in Gen.Shuffle(instance.Programmes.Select(programme => programme.Code).ToArray())
        from length in Gen.Int[1, shuffled.Length]
        select (instance.First(others), shuffled[..length]);

    static int[] Numbers(DrawInstance instance, string[] list) => [.. list.Select(code => Array.FindIndex(instance.Programmes, programme => programme.Code == code))];

    /// <summary>By rank, over every order of the others and the newcomer, the share in which the newcomer gets that rank or a better one.</summary>
    static double[] Exact(DrawInstance instance, string[] list)
    {
        string[][] lists = [.. instance.Lists(), list];
        var got = InsightOrders.All(lists.Length).Select(order => InsightOrders.Ranks(instance.Programmes, lists, order)[^1]).ToList();
        return [.. list.Select((_, rank) => (double)got.Count(g => g > 0 && g <= rank + 1) / got.Count)];
    }
}
