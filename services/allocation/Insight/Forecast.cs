using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Allocation.Insight;

/// <summary>The simulated draws of a period's book as of a moment, and what the public is told of them.</summary>
public sealed class Forecast
{
    readonly Simulation simulation;
    readonly Dictionary<string, int> numbers;
    readonly int[] listed, first;

    Forecast(LiveBook live, Simulation simulation, DateTimeOffset asOf)
    {
        (this.simulation, Mark, Catalogue, AsOf) = (simulation, live.Mark, live.Catalogue, asOf);
        numbers = live.Catalogue.Index().ToDictionary(programme => programme.Item.Code, programme => programme.Index, StringComparer.Ordinal);
        (listed, first) = (new int[numbers.Count], new int[numbers.Count]);
        for (var application = 0; application < simulation.Applications; application++)
        {
            Count(live.Book.Choices(application));
        }
    }

    public BookMark Mark { get; }
    public IReadOnlyList<Programme> Catalogue { get; }
    public DateTimeOffset AsOf { get; }
    public int Draws => simulation.Draws;
    public int Applications => simulation.Applications;

    public static Forecast Of(LiveBook live, int draws, DateTimeOffset asOf, CancellationToken cancellationToken = default) =>
        new(live, Simulation.Run(live.Book, draws, cancellationToken), asOf);

    public bool Knows(string code) => numbers.ContainsKey(code);

    /// <param name="preferences">Codes of the catalogue, each once.</param>
    public IReadOnlyList<ChoiceChance> Chance(IReadOnlyList<string> preferences)
    {
        var shares = Insight.Chance.ThisOrBetter(simulation, [.. preferences.Select(code => numbers[code])]);
        var rounded = shares.Select(share => Math.Round(share, 4)).ToList();
        return [.. preferences.Select((code, rank) => new ChoiceChance(code, rounded[rank], Math.Round(rounded[rank] - (rank == 0 ? 0 : rounded[rank - 1]), 4)))];
    }

    public ProgrammeOutlook Outlook(Programme programme)
    {
        var number = numbers[programme.Code];
        var expected = simulation.MedianMembers(number);
        return new(programme.Code, programme.Title, programme.Cluster, programme.Category, listed[number], first[number], expected,
            programme.Minimum, programme.Maximum, Math.Max(0, programme.Minimum - expected), simulation.Viable(number), Draws);
    }

    void Count(ReadOnlySpan<int> choices)
    {
        foreach (var programme in choices)
        {
            listed[programme]++;
        }
        if (choices.Length > 0)
        {
            first[choices[0]]++;
        }
    }
}

/// <param name="ThisOrBetter">Share of the simulated draws that bring this choice or one above it.</param>
/// <param name="This">Share of those that bring exactly this one.</param>
public sealed record ChoiceChance(string Programme, double ThisOrBetter, double This);

/// <summary>How a programme would do if the draw were today.</summary>
/// <param name="Applications">How many list it; <paramref name="FirstChoices"/> of them first.</param>
/// <param name="Expected">Members, the median of the simulated draws.</param>
/// <param name="Needed">How many more it would take to run (R20).</param>
/// <param name="Viable">In how many of the <paramref name="Draws"/> it reaches its minimum.</param>
public sealed record ProgrammeOutlook(
    string Programme, string Title, string Cluster, string Category, int Applications, int FirstChoices, int Expected, int Minimum, int Maximum, int Needed, int Viable, int Draws);
