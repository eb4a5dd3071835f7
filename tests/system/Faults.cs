using System.Diagnostics;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>
/// Each fault strikes twice: while applications flow in phase A and while claims flow in phase B. After it nothing acknowledged is lost,
/// nothing is doubled, the order of claims holds and the digest of the freeze matches.
/// </summary>
[Collection(OneSystem.Name)]
public sealed class Faults(WholeSystem system)
{
    const int Applicants = 60;
    const int Newcomers = 20;

    [Fact]
    public Task Allocation_is_killed_and_started_again() => Survive("FAULT-1", async () =>
    {
        await system["allocation"].KillAsync();
        await Task.Delay(1000);
        await system["allocation"].StartAsync();
    });

    [Fact]
    public Task RabbitMQ_is_stopped_and_started_again() => Survive("FAULT-2", async () =>
    {
        await system.Broker.StopAsync();
        await Task.Delay(1000);
        await system.Broker.StartAsync();
    });

    [Fact]
    public Task PostgreSQL_is_restarted() => Survive("FAULT-3", system.Postgres.RestartAsync);

    [Fact]
    public Task Applications_is_killed_and_started_again() => Survive("FAULT-4", async () =>
    {
        await system["applications"].KillAsync();
        await system["applications"].StartAsync();
    });

    [Fact]
    public async Task Every_message_is_delivered_twice()
    {
        await using var repeater = await Repeater.StartAsync(system.Bus);
        await Survive("FAULT-5", () => Task.CompletedTask);
        Assert.True(repeater.Repeated > 20, $"only {repeater.Repeated} messages were repeated");
    }

    async Task Survive(string code, Func<Task> fault)
    {
        var period = new TestPeriod(system, code);
        await Stage("prepare", () => period.Prepare(Applicants + Newcomers));

        await Stage("apply", () => period.Apply(period.Teachers.Take(Applicants), fault));
        await Stage("draw", period.Draw);
        await Checks.The_list_is_what_was_acknowledged(period);
        Checks.Versions_are_gapless(period);
        await Checks.The_draw_can_be_recomputed(period);

        await period.Phase("B", "open");
        var claimants = await period.Claimants();
        await Stage("claim", () => period.Claim(claimants, fault));
        await Stage("decide", () => Checks.Every_claim_is_decided_once_and_in_order(period));
        await Stage("tell", () => Checks.Everybody_is_told_once(system, period));
        TestContext.Current.TestOutputHelper?.WriteLine($"{period.Receipts.Count} receipts, {period.Claims.Count} claims");
    }

    static async Task Stage(string name, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {watch.Elapsed.TotalSeconds:0.0} s");
    }
}
