using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>The four texts of the public bundle (format 1).</summary>
public sealed record Bundle(string Applications, string Programmes, string Results, string DrawJson);

/// <summary>A line of <c>applications.txt</c>.</summary>
public sealed record ListedApplication(string Ticket, string Cluster, string[] Choices);

/// <summary>A line of <c>programmes.txt</c>; a IIb programme's nomoi are <c>*</c>.</summary>
public sealed record ListedProgramme(string Code, string Cluster, string Category, string[] Nomoi, int Minimum, int Maximum);

/// <summary>A line of <c>results.txt</c>; <c>-</c> and 0 for nobody's seat.</summary>
public sealed record Placement(int Place, string Ticket, string Programme, int Rank);

/// <summary>
/// The draw once more, from the published format alone and as plainly as it can be said: it shares no line with the product, so that
/// agreement means something (I11).
/// </summary>
public static class SecondDraw
{
    public static List<ListedApplication> Applications(string text) =>
        [.. Lines(text, "epimorfosi-applications-v1").Select(line => line.Split('|')).Select(part => new ListedApplication(part[0], part[1], part[2].Split(',')))];

    public static List<ListedProgramme> Programmes(string text) =>
        [.. Lines(text, "epimorfosi-programmes-v1").Select(line => line.Split('|'))
            .Select(part => new ListedProgramme(part[0], part[1], part[2], part[3].Split(','), Number(part[4]), Number(part[5])))];

    public static List<Placement> Results(string text) =>
        [.. Lines(text, "epimorfosi-results-v1").Select(line => line.Split('|')).Select(part => new Placement(Number(part[0]), part[1], part[2], Number(part[3])))];

    /// <summary>The whole draw from the lists and the published seed's parts; the answer is what <c>results.txt</c> must say.</summary>
    public static string Run(Bundle bundle)
    {
        using var json = JsonDocument.Parse(bundle.DrawJson);
        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes(
            $"epimorfosi-draw-v1\n{Text("period")}\n{Digest(bundle.Applications)}\n{Digest(bundle.Programmes)}\n{Text("source")}\n{Text("randomness")}\n"));
        if (Convert.ToHexStringLower(seed) != Text("seed"))
        {
            return "the published seed is not what its parts give";
        }
        return Write(Text("period"), Run(Applications(bundle.Applications), Programmes(bundle.Programmes), seed));
    }

    public static List<Placement> Run(IEnumerable<ListedApplication> applications, IEnumerable<ListedProgramme> programmes, byte[] seed)
    {
        var free = programmes.ToDictionary(programme => programme.Code, programme => programme.Maximum);
        var results = new List<Placement>();
        foreach (var application in applications.OrderBy(a => Key(seed, a.Ticket), StringComparer.Ordinal).ThenBy(a => a.Ticket, StringComparer.Ordinal))
        {
            var rank = Array.FindIndex(application.Choices, code => free[code] > 0) + 1;
            if (rank > 0)
            {
                free[application.Choices[rank - 1]]--;
            }
            results.Add(new(results.Count + 1, application.Ticket, rank > 0 ? application.Choices[rank - 1] : "-", rank));
        }
        return results;
    }

    public static string Write(string period, IEnumerable<Placement> results) =>
        $"epimorfosi-results-v1 {period}\n" + string.Concat(results.Select(line => $"{line.Place}|{line.Ticket}|{line.Programme}|{line.Rank}\n"));

    /// <summary>What is wrong with the custodians' part of the randomness; null if nothing.</summary>
    public static string? Custodians(string drawJson)
    {
        using var json = JsonDocument.Parse(drawJson);
        var custodians = json.RootElement.GetProperty("custodians").EnumerateArray()
            .Select(one => (Commitment: one.GetProperty("commitment").GetString()!, Reveal: one.GetProperty("reveal").GetString()!)).ToList();
        return custodians.Exists(one => Digest(one.Reveal) != one.Commitment) ? "a reveal does not open its commitment"
            : json.RootElement.GetProperty("source").GetString() != $"custodians:{custodians.Count}" ? "the source does not count the custodians"
            : Digest(string.Concat(custodians.Select(one => one.Reveal + "\n"))) != json.RootElement.GetProperty("randomness").GetString() ? "the randomness is not that of the reveals"
            : null;
    }

    /// <summary>Lower-case hex of SHA-256, whose text order is the order of its bytes.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string Key(byte[] seed, string ticket) => Convert.ToHexStringLower(SHA256.HashData([.. seed, .. Encoding.ASCII.GetBytes(ticket)]));

    static string[] Lines(string text, string format)
    {
        var lines = text.Split('\n');
        return lines[0].StartsWith(format + " ", StringComparison.Ordinal) && lines[^1].Length == 0
            ? lines[1..^1]
            : throw new FormatException($"Not a text of {format} with a line feed after every line.");
    }

    static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
