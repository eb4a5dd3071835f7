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

    string Assembly => char.ToUpperInvariant(Path.GetFileName(project)[0]) + Path.GetFileName(project)[1..];

    public string Name => name;

    public IReadOnlyDictionary<string, string> Settings => settings;

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>Another process of the same service, on the same database and bus.</summary>
    public ServiceProcess Replica() => new($"{name}-2", project, NativeServer.FreePorts(1)[0], settings, logs);

    /// <param name="changed">Settings, or variables of the environment, that are different this time.</param>
    public async Task StartAsync(params (string Key, string Value)[] changed)
    {
        var program = ProjectRoot.Combine(project, "bin", Configuration, "net10.0", $"EPimorfosi.{Assembly}.dll");
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { program }, WorkingDirectory = Path.GetDirectoryName(program), RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/');
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (key, value) in settings.Select(setting => (setting.Key, setting.Value)).Concat(changed))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        process = Process.Start(start)!;
        _ = Task.WhenAll(Keep(process.StandardOutput), Keep(process.StandardError));
        await Until.True(ReadyAsync, $"{name} to be ready; its log is {log}", 90);
    }

    public async Task RestartAsync(params (string Key, string Value)[] changed)
    {
        await KillAsync();
        await StartAsync(changed);
    }

    /// <summary>How far the process's clock is ahead of the machine's, by the date of its answers, to a second or two.</summary>
    public async Task<TimeSpan> ClockAheadAsync()
    {
        using var answer = await Http.GetAsync(new Uri(Address, "/health/live"));
        return answer.Headers.Date!.Value - DateTimeOffset.UtcNow;
    }

    /// <summary>kill -9: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        process!.Kill(); // nothing, if it is gone already
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
