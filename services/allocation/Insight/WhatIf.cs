using EPimorfosi.Allocation.Draws;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Allocation.Insight;

/// <summary>What another catalogue would bring to the applications as they are: both sides drawn in the same simulated orders, nothing stored.</summary>
public static class WhatIf
{
    public static WhatIfSides Of(LiveBook live, IReadOnlyList<CatalogueChange> changes, int draws, CancellationToken cancellationToken = default)
    {
        var (catalogue, book) = Apply(live, changes);
        var before = Simulation.Run(live.Book, draws, cancellationToken);
        var after = Simulation.Run(book, draws, cancellationToken);
        var named = changes.Select(change => change.Programme ?? change.Remove ?? change.Add!.Code!).ToList();
        return new(Side(before, live.Catalogue), Side(after, catalogue), [.. named.Select(code => new ProgrammeSides(code, One(before, live.Catalogue, code), One(after, catalogue, code)))]);
    }

    /// <summary>An added programme is put right after the one it is like on every list that has that one, also where that one is removed.</summary>
    public static (IReadOnlyList<Programme> Catalogue, DrawBook Book) Apply(LiveBook live, IReadOnlyList<CatalogueChange> changes)
    {
        var known = live.Catalogue.ToDictionary(programme => programme.Code, StringComparer.Ordinal);
        var changed = changes.Where(change => change.Programme is not null).ToDictionary(change => change.Programme!, StringComparer.Ordinal);
        var removed = changes.Where(change => change.Remove is not null).Select(change => change.Remove!).ToHashSet(StringComparer.Ordinal);
        var added = changes.Select(change => change.Add).OfType<AddedProgramme>().ToList();
        List<Programme> catalogue =
        [
            .. live.Catalogue.Where(programme => !removed.Contains(programme.Code)).Select(programme => changed.TryGetValue(programme.Code, out var change)
                ? programme with { Minimum = change.Minimum ?? programme.Minimum, Maximum = change.Maximum ?? programme.Maximum } : programme),
            .. added.Select(add => known[add.Like!] with { Code = add.Code!, Minimum = add.Minimum!.Value, Maximum = add.Maximum!.Value }),
        ];
        // By the programme's number now, what stands in its place on a list.
        var instead = live.Catalogue.Select(programme => (string[])
            [.. removed.Contains(programme.Code) ? [] : new[] { programme.Code }, .. added.Where(add => add.Like == programme.Code).Select(add => add.Code!)]).ToList();
        var book = LiveBook.BookOf(catalogue);
        for (var application = 0; application < live.Book.Tickets.Count; application++)
        {
            book.Add(live.Book.Tickets[application], live.Book.Choices(application).ToArray().SelectMany(programme => instead[programme]));
        }
        return (catalogue, book);
    }

    static CatalogueSide Side(Simulation simulation, IReadOnlyList<Programme> catalogue)
    {
        double lists = Math.Max(1, (long)simulation.Applications * simulation.Draws);
        var placed = simulation.Ranks.Skip(1).Sum();
        return new(catalogue.Count, catalogue.Sum(programme => programme.Maximum), Math.Round((double)placed / simulation.Draws, 1),
            Share(simulation.Ranks.Skip(1).Take(1).Sum()), Share(simulation.Ranks.Skip(1).Take(3).Sum()), Share(simulation.Ranks[0]),
            Groups(programme => programme.Cluster), Groups(programme => programme.Prefecture),
            [.. catalogue.Index().Where(programme => 2 * simulation.Viable(programme.Index) < simulation.Draws).Select(programme => One(simulation, programme.Item, programme.Index))]);

        double Share(long count) => Math.Round(count / lists, 4);

        List<SeatGroup> Groups(Func<Programme, string> by) =>
            [.. catalogue.Index().GroupBy(programme => by(programme.Item), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new SeatGroup(
                group.Key, group.Count(), group.Sum(programme => programme.Item.Maximum),
                Math.Round(group.Sum(programme => Sum(simulation.Members(programme.Index))) / (double)simulation.Draws, 1)))];
    }

    static SimulatedProgramme? One(Simulation simulation, IReadOnlyList<Programme> catalogue, string code) =>
        catalogue.Index().Where(programme => programme.Item.Code == code).Select(programme => One(simulation, programme.Item, programme.Index)).SingleOrDefault();

    static SimulatedProgramme One(Simulation simulation, Programme programme, int number) => new(
        programme.Code, programme.Title, programme.Cluster, programme.Prefecture, programme.Minimum, programme.Maximum, simulation.MedianMembers(number), simulation.Viable(number));

    static long Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
        {
            sum += count;
        }
        return sum;
    }
}

/// <summary>One change of the catalogue: exactly one of the three.</summary>
/// <param name="Programme">This programme with another <paramref name="Minimum"/> or <paramref name="Maximum"/>.</param>
/// <param name="Remove">Without this programme.</param>
/// <param name="Add">With one more.</param>
public sealed record CatalogueChange(string? Programme = null, int? Minimum = null, int? Maximum = null, string? Remove = null, AddedProgramme? Add = null);

/// <param name="Like">The programme after which it is assumed to be listed, by everybody who lists that one; of the same cluster, centre and category.</param>
public sealed record AddedProgramme(string? Code, string? Like, int? Minimum, int? Maximum);

/// <param name="Programmes">Those that the changes name, before and after.</param>
public sealed record WhatIfSides(CatalogueSide Baseline, CatalogueSide Changed, IReadOnlyList<ProgrammeSides> Programmes);

/// <summary>What a catalogue brings, on average over the simulated draws.</summary>
/// <param name="FirstChoice">Share of the applications that get their first choice, <paramref name="TopThree"/> one of the first three, <paramref name="None"/> nothing.</param>
/// <param name="ByPrefecture">By the prefecture of the programme's centre.</param>
/// <param name="AtRisk">Programmes that reach their minimum in fewer than half of the draws (R20).</param>
public sealed record CatalogueSide(
    int Programmes, int Seats, double Placed, double FirstChoice, double TopThree, double None,
    IReadOnlyList<SeatGroup> ByCluster, IReadOnlyList<SeatGroup> ByPrefecture, IReadOnlyList<SimulatedProgramme> AtRisk);

/// <param name="Of">Code of the cluster or prefecture.</param>
public sealed record SeatGroup(string Of, int Programmes, int Seats, double Placed);

/// <param name="Before">Null for an added programme.</param>
/// <param name="After">Null for a removed one.</param>
public sealed record ProgrammeSides(string Programme, SimulatedProgramme? Before, SimulatedProgramme? After);

/// <param name="Expected">Members, the median of the simulated draws.</param>
/// <param name="Viable">In how many of them it reaches its minimum.</param>
public sealed record SimulatedProgramme(string Programme, string Title, string Cluster, string Prefecture, int Minimum, int Maximum, int Expected, int Viable);
