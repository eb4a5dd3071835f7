using EPimorfosi.Allocation.Draws;

namespace EPimorfosi.Allocation.Insight;

/// <summary>What comes of a book in many draws (R16), programme by programme. Programmes go by their numbers in the book.</summary>
public sealed class Simulation
{
    readonly int[] lastPlaces, members;
    readonly long[] ranks;
    readonly int most;

    /// <param name="draws">As many as will be added.</param>
    public Simulation(DrawBook book, int draws)
    {
        (Book, most) = (book, draws);
        (lastPlaces, members) = (new int[book.Programmes.Count * draws], new int[book.Programmes.Count * draws]);
        ranks = new long[Enumerable.Range(0, book.Tickets.Count).Select(application => book.Choices(application).Length).DefaultIfEmpty().Max() + 1];
    }

    public DrawBook Book { get; }

    public int Draws { get; private set; }

    public int Applications => Book.Tickets.Count;

    /// <summary>Over all draws, how many got their rank on the list; at 0 those who got nothing.</summary>
    public IReadOnlyList<long> Ranks => ranks;

    public static Simulation Run(DrawBook book, int draws, CancellationToken cancellationToken = default)
    {
        var (simulation, shuffle) = (new Simulation(book, draws), new Shuffle(book.Tickets.Count));
        while (simulation.Draws < draws)
        {
            cancellationToken.ThrowIfCancellationRequested();
            simulation.Add(shuffle.Next());
        }
        return simulation;
    }

    /// <summary>One more draw, in the order given: each application takes the first programme of its list with a free seat.</summary>
    public void Add(ReadOnlySpan<int> order)
    {
        var free = new int[Book.Programmes.Count];
        for (var programme = 0; programme < free.Length; programme++)
        {
            free[programme] = Book.Programmes[programme].Maximum;
            lastPlaces[programme * most + Draws] = free[programme] > 0 ? order.Length + 1 : 0;
        }
        for (var place = 1; place <= order.Length; place++)
        {
            ranks[Seat(order[place - 1], place, free)]++;
        }
        for (var programme = 0; programme < free.Length; programme++)
        {
            members[programme * most + Draws] = Book.Programmes[programme].Maximum - free[programme];
        }
        Draws++;
    }

    /// <summary>By draw the last place at which one more applicant would still find a seat; one more than there are applications if any would.</summary>
    public ReadOnlySpan<int> LastPlaces(int programme) => lastPlaces.AsSpan(programme * most, Draws);

    /// <summary>By draw.</summary>
    public ReadOnlySpan<int> Members(int programme) => members.AsSpan(programme * most, Draws);

    public int MedianMembers(int programme)
    {
        var sorted = Members(programme).ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    /// <summary>In how many of the draws it reaches its minimum (R20).</summary>
    public int Viable(int programme)
    {
        var viable = 0;
        foreach (var count in Members(programme))
        {
            viable += count >= Book.Programmes[programme].Minimum ? 1 : 0;
        }
        return viable;
    }

    /// <returns>The rank got, 0 for none.</returns>
    int Seat(int application, int place, int[] free)
    {
        var rank = 0;
        foreach (var programme in Book.Choices(application))
        {
            rank++;
            if (free[programme] > 0)
            {
                if (--free[programme] == 0)
                {
                    lastPlaces[programme * most + Draws] = place;
                }
                return rank;
            }
        }
        return 0;
    }
}
