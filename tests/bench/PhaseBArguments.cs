namespace EPimorfosi.Bench;

/// <summary>The running system that is measured.</summary>
/// <param name="Restart">The program that stops and starts one of its processes with other settings.</param>
/// <param name="Processes">Folder with a file for each process, which has its pid.</param>
/// <param name="Memory">Instead of the comparisons: ten minutes of load, and what each process takes.</param>
public sealed record PhaseBArguments(Uri Gateway, string OfficePasswordFile, string Restart, DirectoryInfo Processes, bool Memory)
{
    public static PhaseBArguments? Parse(string[] args)
    {
        var rest = args.Except(["--json", "--memory"]).ToArray();
        if (rest.Length % 2 != 0)
        {
            return null;
        }
        var given = rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        return Uri.TryCreate(given.GetValueOrDefault("--gateway"), UriKind.Absolute, out var gateway) && given.TryGetValue("--office-password-file", out var password)
            && given.TryGetValue("--restart", out var restart) && given.TryGetValue("--processes", out var processes)
            ? new(gateway, password, restart, new(processes), args.Contains("--memory"))
            : null;
    }
}
