using System.Diagnostics;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Notifications.Tests;

/// <summary>The service as a process of its own, that can be killed.</summary>
public sealed class ServiceProcess(IReadOnlyDictionary<string, string> settings) : IDisposable
{
    static readonly HttpClient Http = new();
    readonly int port = NativeServer.FreePorts(1)[0];
    Process? process;

    public async Task Start()
    {
        Launch();
        await Until.True(Ready, "the process to be ready", 60);
    }

    /// <summary>Without waiting: it may be killed before it is ready.</summary>
    public void Launch()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EPimorfosi.Notifications.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What is told before the queues are there is heard by nobody.</summary>
    public static async Task UntilHeard(BusProbe probe, NpgsqlDataSource source)
    {
        await using var known = source.CreateCommand("select count(*) from periods");
        await Until.True(async () =>
        {
            await probe.Publish(Given.PeriodChanged);
            return (long)(await known.ExecuteScalarAsync())! == 1;
        }, "the bus to be heard", 60);
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asked, as an operator does (SIGTERM); what was under way is finished or given back.</summary>
    public async Task Stop(TimeSpan limit)
    {
        using var asked = Process.Start("kill", ["-TERM", $"{process!.Id}"]);
        await process.WaitForExitAsync(new CancellationTokenSource(limit).Token);
    }

    public int ExitCode => process!.ExitCode;

    public long Memory()
    {
        process!.Refresh();
        return process.WorkingSet64;
    }

    public void Dispose()
    {
        process?.Kill();
        process?.Dispose();
    }

    async Task<bool> Ready()
    {
        try
        {
            return !process!.HasExited ? (await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"))).IsSuccessStatusCode : throw new InvalidOperationException($"It ended with {process.ExitCode}.");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
