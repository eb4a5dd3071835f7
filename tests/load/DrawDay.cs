using System.IO.Compression;
using System.Net;
using System.Text;

namespace EPimorfosi.Load;

/// <summary>From the frozen list to the published draw, each act in its turn (R16-R19).</summary>
public static class DrawDay
{
    public static async Task<string> Freeze(Play play, Step step)
    {
        (await Act(play, "run")).ExpectRefusal(HttpStatusCode.Conflict);
        play.Refused("draw run before the commitment (R17)");
        var frozen = await Step.Until("the draw to be Frozen", TimeSpan.FromMinutes(5), async () =>
        {
            var draw = (await play.Gateway.Get(Path(play))).Expect(HttpStatusCode.OK);
            step.At(draw.Number("applications"), play.Players.Count(player => player.List is not null));
            return draw.Text("state") == "Frozen" ? draw : null;
        });
        return $"{frozen.Number("applications"):#,0} applications, SHA-256 {frozen.Text("applicationsSha256")[..16]}…";
    }

    /// <summary>The objection window: a rehearsal that nobody can take for the draw, a strike that is taken back and one that stands (R18, R31).</summary>
    public static async Task<string> Objections(Play play, Step step)
    {
        var rehearsal = (await play.Gateway.Post($"{Path(play)}/rehearsals", new { text = "Πρόβα της κλήρωσης" }, play.Office)).Expect(HttpStatusCode.OK);
        await Secret(play, "results.txt");
        var applied = play.Players.Where(player => player.List is not null).ToList();
        var (restored, struck) = (applied[applied.Count / 3], applied[applied.Count / 2]);
        (await Strike(play, struck, "", " ")).ExpectRefusal(HttpStatusCode.UnprocessableEntity, "R31");
        play.Refused("strike without a reason (R31)");
        (await Strike(play, restored, "", "Δεν βρέθηκε η πιστοποίηση Β1 επιπέδου.")).Expect(HttpStatusCode.OK);
        (await Strike(play, restored, "/restore", "Προσκομίστηκε η πιστοποίηση Β1 επιπέδου.")).Expect(HttpStatusCode.OK);
        var list = (await Strike(play, struck, "", "Δεν υπηρετεί κατά την υποβολή (ένσταση, επίδειξη).")).Expect(HttpStatusCode.OK);
        (restored.Strikes, struck.Strikes, struck.Struck) = (2, 1, true);
        var lines = (await play.Gateway.Get($"{Path(play)}/struck.txt")).Expect(HttpStatusCode.OK).Body;
        return lines.Contains(struck.Ticket!, StringComparison.Ordinal) && !lines.Contains(restored.Ticket!, StringComparison.Ordinal)
            ? $"rehearsal placed {rehearsal.Number("placed"):#,0}; one struck and put back, one struck; SHA-256 now {list.Text("applicationsSha256")[..16]}…"
            : throw new UnexpectedAnswerException("struck.txt does not have the struck line alone.");
    }

    static Task<Answer> Strike(Play play, Player player, string act, string reason) =>
        play.Gateway.Post($"{Path(play)}/strikes/{player.Ticket}{act}", new { reason }, play.Office);

    public static async Task<string> Draw(Play play, Step step)
    {
        (await play.Gateway.Post($"{Path(play)}/commit", new { randomness = "custodians" }, play.Office)).Expect(HttpStatusCode.OK);
        await Secret(play, "results.txt");
        (await Act(play, "run")).ExpectRefusal(HttpStatusCode.Conflict);
        play.Refused("draw run before the reveals (R17)");
        foreach (var custodian in play.Custodians)
        {
            (await play.Gateway.Post($"{Path(play)}/reveals", new { name = custodian.Name, reveal = custodian.Secret }, custodian.Session)).Expect(HttpStatusCode.OK);
        }
        (await Act(play, "run")).Expect(HttpStatusCode.OK);
        await Secret(play, "results.txt");
        await Secret(play, "bundle.zip");
        return "commitment, reveals, run; before the publication results and bundle were refused";
    }

    public static async Task<string> Publish(Play play, Step step)
    {
        (await Act(play, "publish")).Expect(HttpStatusCode.OK);
        play.Bundle = Unzip((await play.Gateway.Get($"{Path(play)}/bundle.zip")).Expect(HttpStatusCode.OK).Bytes);
        play.Results = SecondDraw.Results(play.Bundle.Results);
        play.Programmes = SecondDraw.Programmes(play.Bundle.Programmes);
        play.Applications = SecondDraw.Applications(play.Bundle.Applications);
        await Task.WhenAll(Files(play.Bundle).Select(file => play.Keep(file.Name, file.Text)));
        var filled = play.Results.Where(line => line.Rank > 0).GroupBy(line => line.Programme).ToDictionary(members => members.Key, members => members.Count());
        return $"{filled.Values.Sum():#,0} of {play.Results.Count:#,0} placed; {play.Programmes.Count(one => filled.GetValueOrDefault(one.Code) < one.Minimum)} of {play.Programmes.Count} programmes below their minimum";
    }

    /// <summary>R17: nobody sees an outcome before all do.</summary>
    static async Task Secret(Play play, string file)
    {
        (await play.Gateway.Get($"{Path(play)}/{file}", play.Office)).ExpectRefusal(HttpStatusCode.Conflict);
        play.Refused($"{file} before the publication (R17)");
    }

    public static Bundle Unzip(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        string Text(string name)
        {
            using var reader = new StreamReader(zip.GetEntry(name)?.Open() ?? throw new FormatException($"The bundle has no {name}."), new UTF8Encoding(false, true));
            return reader.ReadToEnd();
        }
        return new(Text("applications.txt"), Text("programmes.txt"), Text("results.txt"), Text("draw.json"));
    }

    public static IEnumerable<(string Name, string Text)> Files(Bundle bundle) =>
        [("applications.txt", bundle.Applications), ("programmes.txt", bundle.Programmes), ("results.txt", bundle.Results), ("draw.json", bundle.DrawJson)];

    static Task<Answer> Act(Play play, string act) => play.Gateway.Post($"{Path(play)}/{act}", null, play.Office);

    public static string Path(Play play) => $"/api/draws/{play.Period}";
}
