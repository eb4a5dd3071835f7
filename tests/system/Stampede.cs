using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using EPimorfosi.Load;

namespace EPimorfosi.System.Tests;

/// <summary>
/// A period in phase B, and everybody asking for seats at once: each claims, and claims again with another list; who has a seat gives it up first (R21).
/// A few keep claiming for as long as the fault lasts.
/// </summary>
public class StampedeSystem : IAsyncLifetime
{
    const int Applicants = 60, Crowd = 250, Stragglers = 10, AtOnce = 64;
    readonly ConcurrentDictionary<long, bool> releases = [];

    protected virtual int Nodes => 1;

    public WholeSystem System { get; private set; } = null!;
    public TestPeriod Period { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        System = new WholeSystem { Durable = true, Nodes = Nodes };
        await System.InitializeAsync();
        Period = new TestPeriod(System, "STAMPEDE", programmes: 12);
        await Period.Prepare(Crowd + Stragglers);
        await Period.Apply(Period.Teachers.Take(Applicants));
        await Period.Draw();
        await Period.Phase("B", "open");
    }

    /// <summary>The stampede, the fault when a third of it is done, and all that must hold afterwards; one row of the table of faults.</summary>
    /// <param name="changed">Processes that are started again afterwards, as they were before the test changed them.</param>
    public async Task Survive(string name, Func<Task> fault, params string[] changed)
    {
        try
        {
            await Survive(name, fault, System["gateway"].Address);
        }
        finally
        {
            foreach (var process in changed)
            {
                await System[process].RestartAsync();
            }
        }
    }

    /// <param name="gateway">Where the crowd goes.</param>
    public async Task Survive(string name, Func<Task> fault, Uri gateway)
    {
        using var client = new GatewayClient(gateway);
        var (before, sent, refused) = (Period.Claims.Count, 0, 0);
        var struck = new TaskCompletionSource();
        var crowd = Parallel.ForEachAsync(Period.Teachers.Take(Crowd), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            for (var time = 0; time < 2; time++)
            {
                await Claim(number);
                if (sent * 3 >= Crowd * 2)
                {
                    struck.TrySetResult();
                }
            }
        });
        await Task.WhenAny(crowd, struck.Task);
        var watch = Stopwatch.StartNew();
        var striking = fault();
        await Task.WhenAll(Period.Teachers.Skip(Crowd).Select(async number =>
        {
            while (!striking.IsCompleted)
            {
                await Claim(number);
                await Task.Delay(300);
            }
        }).Append(striking).Append(crowd));
        var over = watch.Elapsed;
        await Checks.Every_claim_is_decided_once_and_in_order(Period, 240);
        var decided = watch.Elapsed;
        await NobodyIsSeatedTwiceOrAboveTheMaximum();
        await Checks.Everybody_is_told_once(System, Period);
        var log = await Log();
        Assert.Equal(Period.Claims.Count, log.Count(line => line.IsOutcome));
        Assert.Equal(releases.Count, log.Count(line => line.Event == "released"));
        var row = string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {sent} | {Period.Claims.Count - before} | {refused} | {client.Refusals} | {client.Retries} | {log.Count} | {over.TotalSeconds:0} | {decided.TotalSeconds:0} | {watch.Elapsed.TotalSeconds:0} |");
        TestContext.Current.TestOutputHelper?.WriteLine(row);
        if (Environment.GetEnvironmentVariable("EPIMORFOSI_FAULTS_TABLE") is { Length: > 0 } table)
        {
            await File.AppendAllTextAsync(table, row + "\n");
        }

        async Task Claim(string number)
        {
            Interlocked.Increment(ref sent);
            var choices = Period.Choices(3);
            for (var key = Guid.NewGuid().ToString(); ;)
            {
                var answer = (await client.Post($"/api/claims/{Period.Code}", new { preferences = choices }, Period[number], ("Idempotency-Key", key)))
                    .Expect(HttpStatusCode.Accepted, HttpStatusCode.Conflict);
                if (answer.Status == HttpStatusCode.Accepted)
                {
                    Period.Claims.Add(new(answer.Number("sequence"), number, choices));
                    return;
                }
                Interlocked.Increment(ref refused);
                var problem = answer.Text("type");
                if (problem.EndsWith("holds-a-seat", StringComparison.Ordinal))
                {
                    // A key of its own each time: a claim that waited may be promoted between the release and the next claim.
                    var release = (await client.Post($"/api/seats/{Period.Code}/release", null, Period[number], ("Idempotency-Key", Guid.NewGuid().ToString()))).Expect(HttpStatusCode.Accepted);
                    releases.TryAdd(release.Number("order"), true);
                }
                else if (before > 0)
                {
                    throw answer.Unexpected("a claim, or that the seat is given up first");
                }
                else
                {
                    await Task.Delay(200); // the opening is on its way
                }
            }
        }
    }

    async Task<List<LogLine>> Log() => SeatReplay.Parse(await Period.Text($"/api/seats/{Period.Code}/log.txt"));

    async Task NobodyIsSeatedTwiceOrAboveTheMaximum()
    {
        var bundle = await Period.Bundle();
        var programmes = SecondDraw.Programmes(bundle.Programmes);
        var replay = new SeatReplay(programmes, SecondDraw.Results(bundle.Results), SecondDraw.Applications(bundle.Applications));
        Assert.Null(replay.Run(await Log()));
        Assert.All(programmes, programme => Assert.InRange(replay.Members[programme.Code].Count, 0, programme.Maximum));
        var seated = replay.Members.Values.SelectMany(members => members).ToList();
        Assert.Equal(seated.Distinct(), seated);
        var free = (await Preparation.Pages(System.Client, $"/api/seats/{Period.Code}")).ToDictionary(seat => seat.GetProperty("programme").GetString()!, seat => seat.GetProperty("free").GetInt32());
        Assert.All(programmes, programme => Assert.Equal(replay.Free(programme.Code), free[programme.Code]));
    }

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The same with three nodes of RabbitMQ.</summary>
public sealed class ClusterSystem : StampedeSystem
{
    protected override int Nodes => 3;
}
