namespace EPimorfosi.Bench;

/// <summary>The running system that is measured.</summary>
/// <param name="Restart">The program that stops and starts one of its processes with other settings.</param>
/// <param name="Processes">Folder with a file for each process, which has its pid.</param>
/// <param name="Parts">Of the comparisons; all if none is named. <c>memory</c> is none of them: ten minutes of load, and what each process takes.</param>
public sealed record PhaseBArguments(Uri Gateway, string OfficePasswordFile, string Restart, DirectoryInfo Processes, string[] Parts)
{
    static readonly string[] All = ["decide", "relay", "claims", "intake", "wait", "reads", "commits"];

    /// <summary>Whether one of these is to be measured.</summary>
    public bool Has(params string[] parts) => parts.Intersect(Parts.Length > 0 ? Parts : All).Any();

    public static PhaseBArguments? Parse(string[] args)
    {
        var parts = args.TakeWhile(word => !word.StartsWith('-')).ToArray();
        var rest = args[parts.Length..].Except(["--json"]).ToArray();
        if (rest.Length % 2 != 0 || parts.Except([.. All, "memory"]).Any())
        {
            return null;
        }
        var given = rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        return Uri.TryCreate(given.GetValueOrDefault("--gateway"), UriKind.Absolute, out var gateway) && given.TryGetValue("--office-password-file", out var password)
            && given.TryGetValue("--restart", out var restart) && given.TryGetValue("--processes", out var processes)
            ? new(gateway, password, restart, new(processes), parts)
            : null;
    }
}
