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
