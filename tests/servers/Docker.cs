using System.ComponentModel;
using System.Diagnostics;

namespace EPimorfosi.Tests.Servers;

static class Docker
{
    /// <summary>Whether an engine answers; having the client alone does not help.</summary>
    public static bool Answers { get; } = Ask();

    static bool Ask()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("docker", ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(TimeSpan.FromSeconds(10)))
                return process.ExitCode == 0;
            process.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
