namespace EPimorfosi.Allocation.Draws;

/// <summary>A programme as the draw sees it.</summary>
public readonly record struct DrawProgramme(string Code, int Minimum, int Maximum);

/// <summary>The frozen lists as arrays: what <see cref="Draw"/> reads, with no object for an application.</summary>
public sealed class DrawBook
{
    readonly List<string> tickets = [];
    readonly List<int> choices = [];
    readonly List<int> starts = [0];
    readonly Dictionary<string, int> numbers;

    public DrawBook(IEnumerable<DrawProgramme> programmes)
    {
        Programmes = [.. programmes];
        numbers = Programmes.Index().ToDictionary(programme => programme.Item.Code, programme => programme.Index, StringComparer.Ordinal);
    }

    public IReadOnlyList<DrawProgramme> Programmes { get; }

    /// <summary>In the order of their bytes, so that an application's number also decides a tie of keys.</summary>
    public IReadOnlyList<string> Tickets => tickets;

    /// <summary>Adds an application; they come in the order of <c>applications.txt</c>.</summary>
    /// <exception cref="InvalidDataException">The order is another, or the list names a programme that is not in the catalogue.</exception>
    public void Add(string ticket, IEnumerable<string> preferences)
    {
        if (tickets.Count > 0 && string.CompareOrdinal(tickets[^1], ticket) >= 0)
        {
            throw new InvalidDataException($"{ticket} does not come after {tickets[^1]}.");
        }
        tickets.Add(ticket);
        foreach (var code in preferences)
        {
            choices.Add(numbers.TryGetValue(code, out var number) ? number : throw new InvalidDataException($"{ticket} lists {code}, which is not in the catalogue."));
        }
        starts.Add(choices.Count);
    }

    /// <summary>The listed programmes' numbers, in rank order.</summary>
    public ReadOnlySpan<int> Choices(int application) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(choices)[starts[application]..starts[application + 1]];

    /// <summary>Where the application's choices begin among those of all.</summary>
    public int FirstChoice(int application) => starts[application];

    public int AllChoices => choices.Count;
}
