using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>A draw for practice (R18). Its text is all its randomness, so it is computed again whenever it is looked at, and nothing of it is stored.</summary>
public sealed class Rehearsal
{
    public required string Period { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required string Text { get; init; }

    /// <summary>How many invented applications; null for the frozen list.</summary>
    public required int? Synthetic { get; init; }

    /// <summary>The draw whose list it is, where it is the frozen one.</summary>
    public required int Draw { get; init; }

    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The seed's source: no commitment can name it, so the result can never pass for the draw's.</summary>
    public string Source => $"rehearsal:{Text}";

    /// <summary>Its lists, its draw and its result, as lines of the bundle's files.</summary>
    internal static async Task<RehearsedDraw> Run(Rehearsal rehearsal, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var programmes = await CanonicalLists.Programmes(connection, rehearsal.Period, cancellationToken);
        var applications = rehearsal.Synthetic is { } count
            ? Invented(programmes, rehearsal.Text, count)
            : await CanonicalLists.Applications(connection, rehearsal.Period, rehearsal.Draw, cancellationToken).ToListAsync(cancellationToken);
        string[] applicationLines = [Canonical.ApplicationsHeader(rehearsal.Period), .. applications.Select(a => Canonical.ApplicationLine(a.Ticket, a.Cluster, a.Preferences))];
        string[] programmeLines = [Canonical.ProgrammesHeader(rehearsal.Period), .. programmes.Select(Canonical.ProgrammeLine)];
        var randomness = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rehearsal.Text)));
        var book = new DrawBook(programmes.Select(programme => new DrawProgramme(programme.Code, programme.Minimum, programme.Maximum)));
        applications.ForEach(application => book.Add(application.Ticket, application.Preferences));
        var draw = new Ceremony
        {
            Period = rehearsal.Period,
            Number = rehearsal.Number,
            Applications = applications.Count,
            Programmes = programmes.Count,
            ApplicationsSha256 = Digest(applicationLines),
            ProgrammesSha256 = Digest(programmeLines),
            Source = rehearsal.Source,
            CommittedAt = rehearsal.At,
            CommittedBy = rehearsal.By,
        };
        var seed = Seed.Of(draw.Period, draw.ApplicationsSha256, draw.ProgrammesSha256, draw.Source, randomness);
        draw.Run(randomness, Convert.ToHexStringLower(seed), null, rehearsal.At, rehearsal.By);
        return new(draw, Draws.Draw.Run(book, seed), applicationLines, programmeLines);
    }

    static string Digest(string[] lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));

    /// <summary>Applications nobody made: each of a cluster that has programmes, with up to eight of them, IIa first (R13).</summary>
    static List<(string Ticket, string Cluster, string[] Preferences)> Invented(List<Programme> programmes, string text, int count)
    {
        var clusters = programmes.GroupBy(programme => programme.Cluster).OrderBy(cluster => cluster.Key, StringComparer.Ordinal).Select(cluster => cluster.ToArray()).ToArray();
        var applications = new SortedDictionary<string, (string, string[])>(StringComparer.Ordinal);
        for (var number = 0; applications.Count < count; number++)
        {
            var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text}\n{number}")));
            var random = new Random(BitConverter.ToInt32(bytes, 16));
            var cluster = clusters[random.Next(clusters.Length)];
            var listed = random.GetItems(cluster, random.Next(1, 9)).Distinct().OrderBy(programme => programme.Category, StringComparer.Ordinal);
            applications.TryAdd(Crockford(bytes), (cluster[0].Cluster, [.. listed.Select(programme => programme.Code)]));
        }
        return [.. applications.Select(application => (application.Key, application.Value.Item1, application.Value.Item2))];
    }

    /// <summary>The form of a ticket: 80 bits, 16 characters.</summary>
    static string Crockford(ReadOnlySpan<byte> bytes)
    {
        Span<char> ticket = stackalloc char[16];
        for (var i = 0; i < ticket.Length; i++)
        {
            ticket[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bytes[i] & 31];
        }
        return new(ticket);
    }
}

/// <summary>A rehearsal computed.</summary>
sealed record RehearsedDraw(Ceremony Draw, DrawResult Result, string[] Applications, string[] Programmes)
{
    const string Watermark =
        "ΔΟΚΙΜΗ – ΔΕΝ ΕΙΝΑΙ Η ΚΛΗΡΩΣΗ. Τα αρχεία αυτά προέρχονται από δοκιμαστική εκτέλεση και δεν δίνουν σε κανέναν θέση.\n"
        + "REHEARSAL – NOT THE DRAW. These files come from a rehearsal; they give nobody a seat.\n";

    IEnumerable<string> Results()
    {
        yield return Bundle.ResultsHeader(Draw.Period);
        for (var place = 1; place <= Result.Order.Length; place++)
        {
            var application = Result.Order[place - 1];
            yield return Bundle.ResultLine(place, Result.Book.Tickets[application],
                Result.Seat[application] is >= 0 and var seat ? Result.Book.Programmes[seat].Code : null, Result.Rank(application));
        }
    }

    public IEnumerable<(string, IAsyncEnumerable<string>)> Files() =>
    [
        ("ΔΟΚΙΜΗ-REHEARSAL.txt", AsyncEnumerable.Repeat(Watermark, 1)),
        ("applications.txt", Applications.ToAsyncEnumerable()), ("programmes.txt", Programmes.ToAsyncEnumerable()),
        ("draw.json", AsyncEnumerable.Repeat(Bundle.DrawJson(Draw, []), 1)), ("results.txt", Results().ToAsyncEnumerable()),
    ];
}
