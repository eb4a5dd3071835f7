using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.Load;
using Spectre.Console;

namespace EPimorfosi.Bench;

/// <summary>
/// Claims of seats through all processes, against what the same machine does without what makes them claims. The teachers are those for whom no
/// seat was left: each new claim of theirs is an update of the one that waits, so there is no end of them (R23).
/// </summary>
sealed partial class PhaseB(PhaseBArguments options, Play play, List<byte[]> claims, List<byte[]> waiting)
{
    const int Teachers = 4000, Connections = 512, Rounds = 3;
    static readonly TimeSpan Time = TimeSpan.FromSeconds(4), Warm = TimeSpan.FromSeconds(5);

    readonly Uri gateway = options.Gateway;
    readonly List<double> accepted = [], empty = [], commits = [], inserts = [];
    readonly List<TimeSpan> drained = [];
    readonly bool[] seated = new bool[claims.Count];
    int turn, refused;

    public static async Task Run(PhaseBArguments options, Action<Row> tell)
    {
        if (options.Has("decide"))
        {
            tell(await DecideAlone.Run());
        }
        if (options.Has("relay"))
        {
            tell(await RelayAlone.Run());
        }
        if (!options.Has("claims", "intake", "wait", "reads", "commits", "memory"))
        {
            return;
        }
        using var client = new GatewayClient(options.Gateway);
        var play = new Play(new(options.Gateway, options.OfficePasswordFile, options.Gateway, Teachers, 1, null, ToAProgramme: 30), client, null!); // no mailbox is looked into
        var stages = new Stages(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) }));
        foreach (var (name, stage) in Crowd.Plot)
        {
            await stages.Run(name, step => stage(play, step));
        }
        var bench = await Fill(options, play);
        if (options.Has("memory"))
        {
            await new Memory(options, play).Watch(bench.Load);
            return;
        }
        await bench.Compare(tell);
    }

    /// <summary>Everybody claims once; those who were left without a seat are those who go on.</summary>
    static async Task<PhaseB> Fill(PhaseBArguments options, Play play)
    {
        var wishes = await Crowd.Wishes(play);
        var requests = wishes.Select(wish => Crowd.Claim(play, wish.Player, wish.List, 30)).ToList();
        var left = new List<int>();
        using var pump = new Pump(options.Gateway, Connections);
        var next = -1;
        await pump.Each(requests.Count, () => Interlocked.Increment(ref next), which => requests[which], (which, answer) =>
        {
            if (answer.Status == 200 && answer.Body.Span.IndexOf("\"waiting\""u8) >= 0)
            {
                lock (left)
                {
                    left.Add(which);
                }
            }
            return true;
        });
        return left.Count < 200
            ? throw new InvalidOperationException($"Only {left.Count} teachers were left without a seat.")
            : new(options, play, [.. left.Select(which => Again(play, wishes[which], 0))], [.. left.Select(which => Again(play, wishes[which], 30))]);
    }

    /// <summary>Without a key of the client's, each is a new claim.</summary>
    static byte[] Again(Play play, (Player Player, string[] List) wish, int wait) =>
        Wire.Request("POST", play.Options.Gateway, $"/api/claims/{play.Period}", wish.Player.Session, System.Text.Json.JsonSerializer.Serialize(new { preferences = wish.List }),
            wait > 0 ? [$"Prefer: wait={wait}"] : []);

    /// <summary>Each part with connections of its own: idle ones would have been closed.</summary>
    async Task Compare(Action<Row> tell)
    {
        if (options.Has("claims", "wait"))
        {
            await Intake(tell);
        }
        if (options.Has("wait"))
        {
            await Waits(tell);
        }
        if (options.Has("intake"))
        {
            await IntakeAlone(tell);
        }
        if (options.Has("reads"))
        {
            await Reads(tell);
        }
        if (options.Has("commits"))
        {
            tell(await OneCommitEach());
        }
    }

    async Task Intake(Action<Row> tell)
    {
        using var pump = new Pump(gateway, Connections);
        await using var rows = await Pgbench.OfRows();
        await using var one = await Pgbench.OfClaims();
        var nothing = Nothing();
        await Claims(pump, Warm);
        await Empty(pump, nothing, Warm);
        for (var round = 0; round < Rounds; round++)
        {
            empty.Add((await Empty(pump, nothing, Time)).Rate);
            var slice = await Claims(pump, Time);
            accepted.Add(slice.Rate);
            drained.Add(await Drain() * 5000 / slice.Good);
            commits.Add(await one.Run(Time));
            inserts.Add(await rows.Run(Time));
        }
        tell(Row.Rates("claims accepted through the gateway, while all of them are decided and told too; reference: pgbench storing the same claim, in order, one a commit, 64 clients", accepted, commits, 1.2));
        tell(Row.Rates("the same; reference: pgbench, one row a commit of a table without order or message", accepted, inserts, 1.2));
        tell(Row.Rates("the same; reference: an empty authenticated POST over the same path, after which nothing follows", accepted, empty, null));
        tell(Row.Of("backlog decided after the run, per 5,000 claims; reference: the second that is the aim", drained, [TimeSpan.FromSeconds(1)], 1));
    }

    /// <summary>Accepting alone, signed in, durable and with its message in the outbox: while nothing is sent on, as with what decides and tells on machines of its own. Afterwards all of it is sent on and decided.</summary>
    async Task IntakeAlone(Action<Row> tell)
    {
        using var pump = new Pump(gateway, Connections);
        List<double> ours = [], reference = [];
        var nothing = Nothing();
        await Restart("applications", "Outbox__Batch=0");
        try
        {
            await Claims(pump, Warm * 2);
            await Empty(pump, nothing, Warm);
            for (var round = 0; round < Rounds; round++)
            {
                reference.Add((await Empty(pump, nothing, Time)).Rate);
                ours.Add((await Claims(pump, Time)).Rate);
            }
        }
        finally
        {
            await Restart("applications", "Outbox__Batch=500");
        }
        await Drain();
        tell(Row.Rates("claims accepted through the gateway: signed in, durable, message in the outbox; reference: an empty authenticated POST over the same path", ours, reference, 0.75));
    }

    byte[][] Nothing() =>
        [.. play.Players.Where(player => player.Session is not null).Select(player => Wire.Request("POST", gateway, $"/api/claims/{play.Period}/empty", player.Session))];

    Task<Slice> Claims(Pump pump, TimeSpan time) => pump.Flat(time, NextClaimant, which => claims[which], (which, answer) => Accepted(which, answer, 202));

    /// <summary>Whoever has got a seat meanwhile is refused (R21), and not asked any more.</summary>
    bool Accepted(int which, WireAnswer answer, int status)
    {
        seated[which] |= answer.Status == 409;
        if (answer.Status != status && Interlocked.Increment(ref refused) % 500 == 1)
        {
            Console.Error.WriteLine($"  answered {answer.Status}, {refused} so far, such as {System.Text.Encoding.UTF8.GetString(answer.Body.Span)}");
        }
        return answer.Status == status;
    }

    int NextClaimant()
    {
        int which;
        do
        {
            which = Next() % claims.Count;
        }
        while (seated[which]);
        return which;
    }

    Task<Slice> Empty(Pump pump, byte[][] requests, TimeSpan time) => pump.Flat(time, Next, which => requests[which % requests.Length], (_, answer) => answer.Status == 204);

    /// <summary>Light load for as long as it is wanted.</summary>
    internal async Task Load(TimeSpan time)
    {
        using var pump = new Pump(gateway, Connections);
        await pump.Paced(time, 300, NextClaimant, which => waiting[which], (which, answer) => Accepted(which, answer, 200));
    }

    int Next() => Interlocked.Increment(ref turn) & int.MaxValue;

    /// <summary>Until a claim that comes last has its outcome.</summary>
    async Task<TimeSpan> Drain()
    {
        var watch = Stopwatch.StartNew();
        using var wire = new Wire(gateway);
        var answer = await wire.Ask(waiting[NextClaimant()]);
        return answer.Status == 200 ? watch.Elapsed : throw new InvalidOperationException($"The last claim was answered {answer.Status} after {watch.Elapsed}.");
    }

    /// <summary>The outcome in the same response, at a light load and near the maximum.</summary>
    async Task Waits(Action<Row> tell)
    {
        using var pump = new Pump(gateway, 512);
        List<TimeSpan> outcome = [], late = [], commit = [];
        for (var round = 0; round < Rounds; round++)
        {
            var told = await Paced(pump, 200, waiting, 200);
            outcome.Add(told.At(0.5));
            late.Add(told.At(0.99));
            commit.Add((await Paced(pump, 200, claims, 202)).At(0.5));
        }
        tell(Row.Of("Prefer: wait, p50 at 200/s; reference: p50 of the same POST answered at its commit", outcome, commit, 7));
        tell(Row.Of("Prefer: wait, p99 at 200/s; reference: its p50", late, outcome, null));
        var most = Row.Median(accepted) * 0.8;
        var busy = await Paced(pump, most, waiting, 200);
        tell(Row.Of(string.Create(CultureInfo.InvariantCulture, $"Prefer: wait, p50 at 80 % of the maximum ({busy.Rate:#,0}/s came of {most:#,0}/s); reference: p50 at 200/s"), [busy.At(0.5)], outcome, null));
        tell(Row.Of("Prefer: wait, p99 at 80 % of the maximum; reference: p99 at 200/s", [busy.At(0.99)], late, null));
        await Drain();
    }

    Task<Slice> Paced(Pump pump, double perSecond, List<byte[]> requests, int status) =>
        pump.Paced(Time * 2, perSecond, NextClaimant, which => requests[which], (which, answer) => Accepted(which, answer, status));

    /// <summary>What everybody reads of the seats, while claims run.</summary>
    async Task Reads(Action<Row> tell)
    {
        var page = (await play.Gateway.Get("/")).Expect(HttpStatusCode.OK).Body;
        var file = StyleSheet().Match(page) is { Success: true } match ? "/" + match.Groups[1].Value.TrimStart('/') : throw new InvalidOperationException("The first page names no style sheet of ours.");
        var (seats, asset) = (Wire.Request("GET", gateway, $"/api/seats/{play.Period}?pageSize=20", null), Wire.Request("GET", gateway, file, null));
        using var readers = new Pump(gateway, 32);
        using var claimants = new Pump(gateway, Connections);
        List<double> live = [], still = [];
        var running = claimants.Paced(Time * (2 * Rounds + 1), 200, NextClaimant, which => waiting[which], (which, answer) => Accepted(which, answer, 200));
        await Read(seats);
        await Read(asset);
        for (var round = 0; round < Rounds; round++)
        {
            live.Add((await Read(seats)).Rate);
            still.Add((await Read(asset)).Rate);
        }
        await running;
        tell(Row.Rates($"live seats read while claims run (200/s); reference: a static file ({file}) through the same gateway", live, still, 0.5));

        Task<Slice> Read(byte[] request) => readers.Flat(Time * 0.75, () => 0, _ => request, (_, answer) => answer.Status == 200);
    }

    async Task<Row> OneCommitEach()
    {
        using var pump = new Pump(gateway, Connections);
        List<double> grouped = [], single = [];
        for (var round = 0; round < 2; round++)
        {
            foreach (var (batch, rates) in new[] { (1, single), (500, grouped) })
            {
                await Restart("applications", $"Claims__Batch={batch}");
                await Claims(pump, Warm);
                rates.Add((await Claims(pump, Time)).Rate);
                await Drain();
            }
        }
        return Row.Rates("group commit; reference: the same endpoint with one commit a request", grouped, single, 2.5);
    }

    async Task Restart(string process, string setting)
    {
        using var restart = Process.Start(new ProcessStartInfo(options.Restart, ["restart", process, setting]) { RedirectStandardError = true })!;
        var said = await restart.StandardError.ReadToEndAsync();
        await restart.WaitForExitAsync();
        if (restart.ExitCode != 0)
        {
            throw new InvalidOperationException($"{process} was not restarted:\n{said}");
        }
    }

    [GeneratedRegex("<link[^>]+href=\"([^\":]*site[^\":]*\\.css)\"")]
    private static partial Regex StyleSheet();
}
