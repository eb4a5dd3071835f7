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
        """;

    /// <returns>Null if the line is not understood.</returns>
    public static Options? Parse(string[] args)
    {
        if (args is not ["demo", .. var rest] || rest.Length % 2 != 0)
        {
            return null;
        }
        var given = rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        string[] known = ["--gateway", "--office-password-file", "--mail", "--teachers", "--seed", "--bundle-to"];
        return given.Keys.Except(known).Any() || Address("--gateway") is not { } gateway || Address("--mail") is not { } mail
            || given.GetValueOrDefault("--office-password-file") is not { } password || Number("--teachers", 2000) is not (>= 50 and <= 99_999 and var teachers)
            || Number("--seed", 1) is not { } seed
            ? null
            : new(gateway, password, mail, teachers, seed, given.GetValueOrDefault("--bundle-to") is { } folder ? new(folder) : null);

        Uri? Address(string name) => Uri.TryCreate(given.GetValueOrDefault(name), UriKind.Absolute, out var uri) ? uri : null;

        int? Number(string name, int otherwise) =>
            !given.TryGetValue(name, out var text) ? otherwise
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
