using System.Diagnostics;
using System.Globalization;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>One of the five processes, as an operator runs it: built program, environment, port. It may be killed and started again.</summary>
public sealed class ServiceProcess(string name, string project, int port, IReadOnlyDictionary<string, string> settings, string logs) : IAsyncDisposable
{
    static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };
    readonly string log = Path.Combine(logs, $"{name}.log");
    Process? process;

    public string Name => name;

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    public async Task StartAsync()
    {
        var program = ProjectRoot.Combine(project, "bin", Configuration, "net10.0", $"EPimorfosi.{Path.GetFileName(name[..1].ToUpperInvariant() + name[1..])}.dll");
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { program }, WorkingDirectory = Path.GetDirectoryName(program), RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/');
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        process = Process.Start(start)!;
        _ = Task.WhenAll(Keep(process.StandardOutput), Keep(process.StandardError));
        await Until.True(ReadyAsync, $"{name} to be ready; its log is {log}", 90);
    }

    /// <summary>kill -9: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    async Task<bool> ReadyAsync()
    {
        if (process!.HasExited)
        {
            throw new InvalidOperationException($"{name} ended with {process.ExitCode}:\n{string.Join('\n', File.ReadLines(log).TakeLast(30))}");
        }
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    async Task Keep(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (log)
            {
                File.AppendAllText(log, line + "\n");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }
        process?.Dispose();
    }
}
