using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Verify.Tests;

/// <summary>What a verifier says: OK, or the first line that differs.</summary>
public sealed record Verdict(bool Ok, string? File, int? Line, JsonNode Answer)
{
    /// <summary>Where the fault is: what verifiers must agree on.</summary>
    public string Place => Ok ? "OK" : Line is { } line ? $"{File}:{line}" : File!;

    public override string ToString() => $"{Place} {Answer["message"]} {Answer["key"]} {Answer["is"]} {Answer["should"]}";
}

/// <summary>A verifier in a process of its own, which answers many requests.</summary>
public sealed class Verifier : IDisposable
{
    readonly Process process;
    readonly Lock one = new();

    Verifier(string program, string script)
    {
        var start = new ProcessStartInfo(program, [ProjectRoot.Combine("tests", "verify", script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        process = Process.Start(start)!;
    }

    /// <summary>The core of the page, in Node.</summary>
    public static Verifier Page() => new("node", "runner.mjs");

    /// <summary><c>tools/verify.py</c>.</summary>
    public static Verifier Python() => new("python3", "runner.py");

    public Verdict Check(IReadOnlyDictionary<string, byte[]> files, JsonObject? options = null)
    {
        var request = options?.DeepClone().AsObject() ?? [];
        request["files"] = new JsonObject(files.Select(file => KeyValuePair.Create<string, JsonNode?>(file.Key, Convert.ToBase64String(file.Value))));
        return Ask(request);
    }

    public Verdict CheckZip(byte[] zip) => Ask(new() { ["zip"] = Convert.ToBase64String(zip) });

    public Verdict Ask(JsonObject request)
    {
        lock (one)
        {
            process.StandardInput.WriteLine(request.ToJsonString());
            process.StandardInput.Flush();
            var answer = JsonNode.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The verifier ended with {process.ExitCode}."))!;
            Assert.False(answer["file"]?.GetValue<string>() == "crash", answer["message"]?.GetValue<string>());
            return new(answer["ok"]!.GetValue<bool>(), answer["file"]?.GetValue<string>(), answer["line"]?.GetValue<int>(), answer);
        }
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
        {
            process.Kill();
        }
        process.Dispose();
    }
}

/// <summary>Both verifiers, for all classes.</summary>
public sealed class Verifiers : IDisposable
{
    public Verifier Page { get; } = Verifier.Page();

    public Verifier Python { get; } = Verifier.Python();

    /// <summary>What both say, which must be the same.</summary>
    public Verdict Both(IReadOnlyDictionary<string, byte[]> files, JsonObject? options = null)
    {
        var (page, python) = (Page.Check(files, options), Python.Check(files, options));
        Assert.True(page.Place == python.Place, $"The page says {page}; verify.py says {python}.");
        return page;
    }

    public void Dispose()
    {
        Page.Dispose();
        Python.Dispose();
    }
}
