using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EPimorfosi.Tests.Servers;

/// <summary>
/// A server of the tests' own, run by a script of <c>tools/native</c> in a directory of its own, which goes with this process, however that ends.
/// It keeps its ports and its data when it is stopped, killed and started again.
/// </summary>
public abstract class NativeServer(string script, string directory) : IAsyncDisposable
{
    protected string Directory { get; } = directory;

    protected abstract int[] Ports { get; }

    /// <summary>Whether what is committed survives a kill -9 of the server; without, it is faster.</summary>
    protected bool Durable { get; init; }

    /// <summary>More environment for the script.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Environment => [];

    public string Log => Directory + ".log";

    public Task StartAsync() => Run(["start", Directory, .. Ports.Select(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    /// <summary>In good order, as an operator would.</summary>
    public Task StopAsync() => Run(["stop", Directory]);

    /// <summary>
    /// As a power cut would: kill -9 of all its processes. RabbitMQ 3.10 loses a quorum queue declared within about the last second: let it be older.
    /// </summary>
    public Task KillAsync() => Run(["kill", Directory]);

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Run(["purge", Directory]);
        System.IO.Directory.GetParent(Directory)!.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Password() => File.ReadAllText(Path.Combine(Directory, "password")).Trim();

    protected static string NewDirectory(string name)
    {
        var parent = System.IO.Directory.CreateTempSubdirectory("epimorfosi-");
        if (!OperatingSystem.IsWindows()) // the server's own user must get through
            parent.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return Path.Combine(parent.FullName, name);
    }

    /// <summary>
    /// Free ports below those the system gives to clients: with one of theirs, a client that keeps trying a stopped server may end up connected to itself.
    /// </summary>
    public static int[] FreePorts(int count) =>
        Enumerable.Repeat(0, 10_000).Select(_ => Random.Shared.Next(20_000, 32_000)).Distinct().Where(Free).Take(count).ToArray();

    static bool Free(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    protected async Task Run(string[] arguments)
    {
        var start = new ProcessStartInfo(ProjectRoot.Combine("tools", "native", script), arguments) { RedirectStandardError = true };
        start.Environment["NATIVE_OWNER"] = System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["NATIVE_DURABLE"] = Durable ? "yes" : "no";
        start.Environment["NATIVE_LOG"] = Log;
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{script} {string.Join(' ', arguments)} failed:\n{await errors}");
    }
}
