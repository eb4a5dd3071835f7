using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using EPimorfosi.Allocation.Draws;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Invariants of the draw over random lists.</summary>
public sealed class DrawTests
{
    [Fact]
    public void A_naive_draw_in_any_order_of_arrival_gives_the_same_results() => Instances.Draws.Sample(instance => // R16, I7
        Assert.Equal(NaiveDraw.Run(instance), Results(instance)));

    [Fact]
    public void Nobody_gets_two_places_and_no_programme_too_many_members() => Instances.Draws.Sample(instance => // I1, I2
    {
        var result = Draw.Run(instance.Book(), instance.Seed);
        Assert.Equal(Enumerable.Range(0, instance.Arrivals.Length), result.Order.Order());
        for (var programme = 0; programme < instance.Programmes.Length; programme++)
        {
            Assert.Equal(result.Seat.Count(seat => seat == programme), result.Members[programme]);
            Assert.InRange(result.Members[programme], 0, instance.Programmes[programme].Maximum);
        }
    });

    [Fact]
    public void Nobody_is_placed_off_their_list() => Instances.Draws.Sample(instance => // I4
    {
        var lists = instance.Arrivals.ToDictionary(arrival => arrival.Ticket, arrival => arrival.Preferences);
        Assert.All(Results(instance), result => Assert.Equal(result.Programme, result.Rank == 0 ? null : lists[result.Ticket][result.Rank - 1]));
    });

    [Fact]
    public void A_free_seat_means_no_runner_up_and_a_full_programme_names_who_took_its_last_seat() => Instances.Draws.Sample(instance => // I5, R19
    {
        var result = Draw.Run(instance.Book(), instance.Seed);
        for (var programme = 0; programme < instance.Programmes.Length; programme++)
        {
            var places = result.Order.Index().Where(place => result.Seat[place.Item] == programme).Select(place => place.Index + 1).ToList();
            var full = places.Count == instance.Programmes[programme].Maximum;
            Assert.Equal(full ? places[^1] : 0, result.CutOff[programme]);
            Assert.True(full || result.RunnersUp[programme] == 0);
        }
    });

    [Fact]
    public void Nobody_with_a_better_place_envies_a_seat_they_listed() => Instances.Draws.Sample(instance => // I6
    {
        var lists = instance.Arrivals.ToDictionary(arrival => arrival.Ticket, arrival => arrival.Preferences);
        var results = Results(instance);
        foreach (var (place, (ticket, _, rank)) in results.Index())
        {
            var wished = lists[ticket][..(rank == 0 ? ^0 : rank - 1)];
            Assert.DoesNotContain(results[(place + 1)..], later => wished.Contains(later.Programme));
        }
    });

    [Fact]
    public void Runners_up_of_a_programme_are_those_who_listed_it_above_what_they_got_in_draw_order() => Instances.Draws.Sample(instance => // R19
    {
        var book = instance.Book();
        var result = Draw.Run(book, instance.Seed);
        foreach (var (number, programme) in instance.Programmes.Index())
        {
            var expected = result.Order.Where(application =>
            {
                var list = book.Choices(application).ToArray();
                var (listed, rank) = (Array.IndexOf(list, number), result.Rank(application));
                return listed >= 0 && (rank == 0 || listed < rank - 1);
            }).ToList();
            var actual = result.Order.Select(application => (application, Position: Position(application))).Where(a => a.Position > 0).OrderBy(a => a.Position).ToList();
            Assert.Equal(expected, actual.Select(a => a.application));
            Assert.Equal(Enumerable.Range(1, expected.Count), actual.Select(a => a.Position));
            Assert.Equal(expected.Count, result.RunnersUp[number]);

            int Position(int application) => book.Choices(application).IndexOf(number) is >= 0 and var choice ? result.RunnerUpOf(application)[choice] : 0;
        }
    });

    [Fact]
    public void The_same_list_gives_the_same_bytes_in_every_culture() => Instances.Draws.Sample(instance => // I10
    {
        string[] cultures = ["", "el-GR", "tr-TR"];
        var files = cultures.Select(culture => In(culture, () => ResultsTxt(instance))).ToList();
        Assert.All(files, file => Assert.Equal(files[0], file));
    }, threads: 1);

    /// <summary>Programmes that choose among applicants by the draw's one order, and hold their best until a better one comes (Gale and Shapley).</summary>
    [Fact]
    public void Deferred_acceptance_with_the_draws_order_as_every_programmes_priority_ends_the_same() => Instances.Draws.Sample(instance => // R16, I6
    {
        var results = Results(instance);
        var (place, next) = (results.Index().ToDictionary(line => line.Item.Ticket, line => line.Index), instance.Arrivals.ToDictionary(arrival => arrival.Ticket, _ => 0));
        var (lists, held) = (instance.Arrivals.ToDictionary(arrival => arrival.Ticket, arrival => arrival.Preferences), instance.Programmes.ToDictionary(programme => programme.Code, _ => new List<string>()));
        for (var free = new Stack<string>(lists.Keys); free.TryPop(out var ticket);)
        {
            if (next[ticket] == lists[ticket].Length)
            {
                continue;
            }
            var wanted = lists[ticket][next[ticket]++];
            var programme = instance.Programmes.Single(programme => programme.Code == wanted);
            held[programme.Code].Add(ticket);
            if (held[programme.Code].Count > programme.Maximum)
            {
                var last = held[programme.Code].MaxBy(member => place[member])!;
                held[programme.Code].Remove(last);
                free.Push(last);
            }
        }
        Assert.Equal(results.Where(line => line.Programme is not null).Select(line => (line.Ticket, line.Programme!)).Order(),
            held.SelectMany(programme => programme.Value.Select(ticket => (ticket, programme.Key))).Order());
    }, iter: 1000);

    [Fact]
    public void Over_many_seeds_every_place_is_as_likely_for_every_ticket_and_when_it_came_does_not_matter() // R14, I7
    {
        const int Tickets = 20, Seeds = 20_000;
        var book = new DrawBook([new("P-1", 1, 1)]);
        foreach (var ticket in Enumerable.Range(0, Tickets).Select(number => $"{number:0000000000000000}"))
        {
            book.Add(ticket, ["P-1"]);
        }
        var counts = new int[Tickets, Tickets];
        for (var seed = 0; seed < Seeds; seed++)
        {
            foreach (var (place, application) in Draw.Run(book, SHA256.HashData(BitConverter.GetBytes(seed))).Order.Index())
            {
                counts[application, place]++;
            }
        }
        const double Expected = (double)Seeds / Tickets, Freedom = (Tickets - 1) * (Tickets - 1);
        var chiSquare = counts.Cast<int>().Sum(count => (count - Expected) * (count - Expected) / Expected);
        Assert.InRange(chiSquare, Freedom - (5 * Math.Sqrt(2 * Freedom)), Freedom + (5 * Math.Sqrt(2 * Freedom))); // neither uneven nor suspiciously even
        var middle = (Tickets - 1) / 2.0;
        double Correlation() => Enumerable.Range(0, Tickets).Sum(came => Enumerable.Range(0, Tickets).Sum(place => counts[came, place] * (came - middle) * (place - middle)))
            / (Seeds * Enumerable.Range(0, Tickets).Sum(came => (came - middle) * (came - middle)));
        Assert.InRange(Correlation(), -0.01, 0.01); // came as numbered; three standard deviations are 0.005
    }

    [Fact]
    public void A_list_out_of_order_or_with_an_unknown_programme_is_not_drawn_from()
    {
        var book = new DrawBook([new("P-1", 1, 1)]);
        book.Add("B", ["P-1"]);
        Assert.Throws<InvalidDataException>(() => book.Add("A", ["P-1"]));
        Assert.Throws<InvalidDataException>(() => book.Add("B", ["P-1"]));
        Assert.Throws<InvalidDataException>(() => book.Add("C", ["P-2"]));
    }

    [Fact]
    public void Keys_that_begin_alike_are_ordered_by_all_their_bytes_and_equal_ones_by_ticket() // R16
    {
        byte[] rests = [3, 1, 2, 1, 0];
        var order = Draw.Order(rests.Length, (application, key) =>
        {
            key.Clear();
            (key[0], key[31]) = (application == 4 ? (byte)255 : (byte)127, rests[application]);
        });
        Assert.Equal([1, 3, 2, 0, 4], order); // 127…1, 127…1, 127…2, 127…3, 255…0: unsigned, and the whole key
    }

    [Fact]
    public void A_draw_of_150_000_by_10_by_1_500_makes_no_object_for_an_application()
    {
        var random = new Random(1);
        var book = new DrawBook(Enumerable.Range(0, 1500).Select(i => new DrawProgramme($"P{i:0000}", 10, 15)));
        for (var i = 0; i < 150_000; i++)
        {
            var first = random.Next(1491);
            book.Add($"{i:0000000000000000}", Enumerable.Range(first, 10).Select(programme => $"P{programme:0000}"));
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var result = Draw.Run(book, new byte[32]);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - allocated) / 150_000, 0, 128); // the arrays
        Assert.Equal(1500 * 15, result.Members.Sum());
    }

    internal static List<(string Ticket, string? Programme, int Rank)> Results(DrawInstance instance)
    {
        var result = Draw.Run(instance.Book(), instance.Seed);
        return [.. result.Order.Select(application => (result.Book.Tickets[application],
            result.Seat[application] is >= 0 and var seat ? result.Book.Programmes[seat].Code : null, result.Rank(application)))];
    }

    static byte[] ResultsTxt(DrawInstance instance) => Encoding.UTF8.GetBytes(Bundle.ResultsHeader("B2-2023-2")
        + string.Concat(Results(instance).Select((result, place) => Bundle.ResultLine(place + 1, result.Ticket, result.Programme, result.Rank))));

    static T In<T>(string culture, Func<T> act)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new(culture);
        try
        {
            return act();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
