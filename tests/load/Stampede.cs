using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Spectre.Console;

namespace EPimorfosi.Load;

/// <summary>What a stampede was asked for, beside what every run is.</summary>
/// <param name="Concurrency">Connections, each a teacher at a time who waits for the outcome.</param>
/// <param name="Kill">A process or server that is killed when a third of them were served, and started again.</param>
/// <param name="Restart">The program that does it.</param>
/// <param name="Traces">Where the processes send their spans.</param>
public sealed record StampedeOptions(int Concurrency, string? Kill, string? Restart, Uri? Traces);

/// <summary>An answer to a claim, with the moment of asking since the doors opened.</summary>
/// <param name="Tries">1, and more where it was sent again with its key.</param>
public sealed record Served(Player Player, string[] List, TimeSpan At, TimeSpan Took, int Tries, int Status, long? Sequence, string? Outcome, string? Programme, string? Rule);

/// <summary>Phase B opens and everybody claims at once (R21-R24); a process may be killed on the way. What was acknowledged is then looked for in the public log.</summary>
public sealed class Stampede(Play play, StampedeOptions options)
{
    const int Wait = 20;
    readonly ConcurrentQueue<Served> served = new();
    readonly Stopwatch clock = new();
    int retries, doubles;

    public static async Task<bool> Run(Options options, StampedeOptions how, IAnsiConsole console)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            console.Profile.Width = 160;
        }
        await using var traces = how.Traces is { } address ? await TraceCatcher.StartAsync(address) : null;
        using var gateway = new GatewayClient(options.Gateway);
        var play = new Play(options, gateway, null!); // no mailbox is looked into
        var stages = new Stages(console);
        foreach (var (name, stage) in Crowd.Plot)
        {
            await stages.Run(name, step => stage(play, step));
        }
        var stampede = new Stampede(play, how);
        await stages.Run("Everybody claims", stampede.Claims);
        await stages.Run("Decide all", stampede.Decisions);
        List<Finding> findings = [];
        await stages.Run("Check the public log", _ =>
        {
            findings = StampedeChecks.Of(play, [.. stampede.served]);
            return Task.FromResult($"{findings.Count(finding => finding.Fault is null)} hold, {findings.Count(finding => finding.Fault is not null)} broken");
        });
        var report = new StampedeReport(play, how, stampede, [.. stampede.served.OrderBy(one => one.At)], findings, SpanStages.Of(traces?.Spans ?? []));
        await report.Write(console);
        return findings.TrueForAll(finding => finding.Fault is null);
    }

    public TimeSpan Elapsed { get; private set; }

    /// <summary>When a process was killed, and when it was ready again; null if none was.</summary>
    public (TimeSpan From, TimeSpan To)? Away { get; private set; }

    /// <summary>Requests sent again because no answer came, or because the queue was full (503).</summary>
    public int Retries => retries;

    /// <summary>Claims sent twice on purpose, as a double click does.</summary>
    public int Doubles => doubles;

    async Task<string> Claims(Step step)
    {
        var wishes = (await Crowd.Wishes(play)).Select(wish => (wish.Player, wish.List, Request: Crowd.Claim(play, wish.Player, wish.List, Wait))).ToArray();
        Random.Shared.Shuffle(wishes);
        var next = -1;
        var killing = Task.CompletedTask;
        clock.Start();
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => Task.Run(async () =>
        {
            using var wire = new Wire(play.Options.Gateway);
            for (var which = Interlocked.Increment(ref next); which < wishes.Length; which = Interlocked.Increment(ref next))
            {
                if (which == wishes.Length / 3 && options is { Kill: { } name, Restart: { } restart })
                {
                    killing = Kill(name, restart);
                }
                var (player, list, request) = wishes[which];
                await Serve(wire, player, list, request);
                if (which % 20 == 0)
                {
                    Interlocked.Increment(ref doubles);
                    await Serve(wire, player, list, request);
                }
                step.At(which, wishes.Length);
            }
        })));
        Elapsed = clock.Elapsed;
        await killing;
        var claims = served.Where(one => one.Sequence is not null).Select(one => one.Sequence).Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture,
            $"{claims:#,0} claims of {wishes.Length:#,0} teachers in {Elapsed.TotalSeconds:0.0} s, {claims / Elapsed.TotalSeconds:#,0} a second, each with its outcome; {retries:#,0} sent again");
    }

    /// <summary>Until there is an answer: with the same key a claim is one claim, however often it is sent.</summary>
    async Task Serve(Wire wire, Player player, string[] list, byte[] request)
    {
        var at = clock.Elapsed;
        for (var tries = 1; ; tries++)
        {
            try
            {
                var answer = await wire.Ask(request);
                if (answer.Status is not (429 or 500 or 502 or 503 or 504))
                {
                    served.Enqueue(Read(player, list, at, clock.Elapsed - at, tries, answer));
                    return;
                }
                await Task.Delay(answer.RetryAfter > 0 ? answer.RetryAfter * 1000 : 200);
            }
            catch (Exception fault) when (fault is IOException or SocketException)
            {
                await Task.Delay(200);
            }
            Interlocked.Increment(ref retries);
            if (clock.Elapsed - at > TimeSpan.FromMinutes(2))
            {
                throw new TimeoutException($"A claim has no answer after {tries} attempts.");
            }
        }
    }

    static Served Read(Player player, string[] list, TimeSpan at, TimeSpan took, int tries, WireAnswer answer)
    {
        using var json = answer.Body.Length > 0 ? JsonDocument.Parse(answer.Body) : JsonDocument.Parse("{}");
        string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new(player, list, at, took, tries, answer.Status, json.RootElement.TryGetProperty("sequence", out var sequence) ? sequence.GetInt64() : null, Text("outcome"), Text("programme"), Text("rule"));
    }

    async Task Kill(string name, string restart)
    {
        var from = clock.Elapsed;
        using var process = Process.Start(new ProcessStartInfo(restart, ["restart", name, "--kill"]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Away = process.ExitCode == 0 ? (from, clock.Elapsed) : throw new InvalidOperationException($"{name} did not come back:\n{said}");
    }

    async Task<string> Decisions(Step step)
    {
        var watch = Stopwatch.StartNew();
        play.Log = await Crowd.Decided(play, served.Max(one => one.Sequence) ?? 0, step);
        await play.Keep("log.txt", play.Log);
        return $"the last after {watch.Elapsed.TotalSeconds:0.0} s";
    }
}
