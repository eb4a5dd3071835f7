using System.Globalization;

namespace EPimorfosi.Load;

/// <summary>The command line.</summary>
public static class Arguments
{
    public const string Usage = """
        EPimorfosi.Load demo --gateway URL --office-password-file FILE --mail URL [--teachers N] [--seed S] [--bundle-to DIR]
          A whole training period through the public interface, by N simulated teachers (2000), the same for the same seed (1).
          --mail       web address of the mail catcher (maildev)
          --bundle-to  writes the four files of the draw's public bundle there, and phase B's log.txt
        EPimorfosi.Load phase-b --gateway URL --office-password-file FILE [--teachers N] [--seed S] [--bundle-to DIR] [--concurrency N] [--kill NAME --restart PROGRAM] [--traces URL]
          N teachers (20000) claim seats at once, over so many connections (128); a report.
          --kill       a process or server that PROGRAM restart NAME --kill stops and starts, when a third of the claims were made
          --traces     where the processes send their spans
          --bundle-to  also report.txt and chart.svg
        """;

    /// <returns>Null if the line is not understood; with the second part null it is the demo.</returns>
    public static (Options Run, StampedeOptions? Stampede)? Parse(string[] args)
    {
        if (args is not ["demo" or "phase-b", .. var rest] || rest.Length % 2 != 0)
        {
            return null;
        }
        var (given, stampede) = (rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]), args[0] == "phase-b");
        string[] known = ["--gateway", "--office-password-file", "--teachers", "--seed", "--bundle-to", .. stampede ? (string[])["--concurrency", "--kill", "--restart", "--traces"] : ["--mail"]];
        if (given.Keys.Except(known).Any() || Address("--gateway") is not { } gateway || given.GetValueOrDefault("--office-password-file") is not { } password
            || Number("--teachers", stampede ? 20_000 : 2000) is not (>= 50 and <= 99_999 and var teachers) || Number("--seed", 1) is not { } seed)
        {
            return null;
        }
        var folder = given.GetValueOrDefault("--bundle-to") is { } path ? new DirectoryInfo(path) : null;
        return stampede
            ? Number("--concurrency", 128) is >= 1 and <= 4000 and var concurrency
                ? (new(gateway, password, gateway, teachers, seed, folder, ToAProgramme: 30), new(concurrency, given.GetValueOrDefault("--kill"), given.GetValueOrDefault("--restart"), Address("--traces")))
                : null
            : Address("--mail") is { } mail ? (new(gateway, password, mail, teachers, seed, folder), null) : null;

        Uri? Address(string name) => Uri.TryCreate(given.GetValueOrDefault(name), UriKind.Absolute, out var uri) ? uri : null;

        int? Number(string name, int otherwise) =>
            !given.TryGetValue(name, out var text) ? otherwise
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
