using System.Diagnostics;
using System.Text;
using CsCheck;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Verify.Tests;

/// <summary>Both commands as people run them: on a folder and on an archive, with log and ticket, and what they end with.</summary>
public sealed class CommandLineTests : IDisposable
{
    static readonly (Published Draw, string Scope, bool Upgrade, string Log) Phase =
        Instances.PhasesB.Where(phase => phase.Draw.Applications.Length > 5 && phase.Scope == "AnyVacancy" && !phase.Upgrade).Single();

    readonly string folder = Directory.CreateTempSubdirectory("epimorfosi-verify").FullName;

    public static TheoryData<string> Commands => new() { "verify-draw", "verify.py" };

    [Theory, MemberData(nameof(Commands))]
    public void A_right_bundle_ends_with_0_and_OK(string command)
    {
        var log = Write("log.txt", Encoding.UTF8.GetBytes(Phase.Log));
        string[] withLog = command == "verify.py" ? ["--log", log] : [log];
        foreach (var bundle in new[] { Folder(Phase.Draw.Files()), Write("bundle.zip", Publisher.Zip(Phase.Draw.Files())) })
        {
            var (code, told, _) = Run(command, [bundle, .. withLog, "--ticket", Phase.Draw.Applications[2].Ticket]);
            Assert.Equal(0, code);
            Assert.StartsWith("OK: B2-2023-2, ", told, StringComparison.Ordinal);
            Assert.Contains(" claims of phase B decided right", told, StringComparison.Ordinal);
            Assert.Contains($"{Phase.Draw.Applications[2].Ticket}: place {Array.IndexOf(Phase.Draw.Result.Order, 2) + 1} of ", told, StringComparison.Ordinal);
            Assert.Contains(Phase.Draw.Draw.ApplicationsSha256, told, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Commands))]
    public void A_wrong_one_ends_with_1_and_the_line_what_it_is_and_what_it_should_be(string command)
    {
        var files = Phase.Draw.Files();
        var lines = Encoding.UTF8.GetString(files["results.txt"]).Split('\n');
        var right = lines[2];
        lines[2] = right.Replace("2|", "2|X", StringComparison.Ordinal);
        files["results.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var (code, _, fault) = Run(command, [Folder(files)]);
        Assert.Equal(1, code);
        Assert.StartsWith("NOT OK: results.txt, line 3: ", fault, StringComparison.Ordinal);
        Assert.Contains(lines[2], fault, StringComparison.Ordinal);
        Assert.Contains(right, fault, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public void A_rehearsal_is_marked_before_all_else(string command)
    {
        var rehearsal = Published.Of(Phase.Draw.Programmes, Phase.Draw.Applications, Randomness.Rehearsal("πρόβα"));
        var (code, told, _) = Run(command, [Folder(rehearsal.Files())]);
        Assert.Equal(0, code);
        Assert.StartsWith("REHEARSAL / ΔΟΚΙΜΗ: this is not the draw.", told, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public void Of_the_committees_download_the_last_draw_and_the_log_are_checked(string command)
    {
        var first = Published.Of(Phase.Draw.Programmes, Phase.Draw.Applications, Randomness.Of(["another"]));
        var (early, late) = (first.Files().Select(file => ($"draw-2/{file.Key}", file.Value)), Phase.Draw.Files().Select(file => ($"draw-10/{file.Key}", file.Value)));
        var audit = early.Concat(late).Append(("log.txt", Encoding.UTF8.GetBytes(Phase.Log))).Append(("report.el.html", [])).Append(("ceremony.json", "{}"u8.ToArray()));
        var (code, told, fault) = Run(command, [Write("audit.zip", Publisher.Zip(audit.Select(file => KeyValuePair.Create(file.Item1, file.Item2))))]);
        Assert.True(code == 0, fault);
        Assert.Contains(Phase.Draw.Draw.Source, told, StringComparison.Ordinal);
        Assert.Contains(" claims of phase B decided right", told, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public void What_is_no_bundle_is_a_fault_and_what_is_not_there_or_not_asked_rightly_ends_with_2(string command)
    {
        var (code, _, fault) = Run(command, [Write("bundle.zip", [1, 2, 3])]);
        Assert.Equal(1, code);
        Assert.StartsWith("NOT OK: ", fault, StringComparison.Ordinal);
        Assert.Equal(2, Run(command, [Path.Combine(folder, "nothing.zip")]).Code);
        Assert.Equal(2, Run(command, []).Code);
        Assert.Equal(2, Run(command, [folder, "--no-such-option"]).Code);
    }

    string Folder(Dictionary<string, byte[]> files)
    {
        var bundle = Directory.CreateDirectory(Path.Combine(folder, "bundle")).FullName;
        foreach (var (name, content) in files)
        {
            File.WriteAllBytes(Path.Combine(bundle, name), content);
        }
        return bundle;
    }

    string Write(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    static (int Code, string Told, string Fault) Run(string command, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(ProjectRoot.Combine("tools", command), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        })!;
        var fault = process.StandardError.ReadToEndAsync();
        var told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, told, fault.Result);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
