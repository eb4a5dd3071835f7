using System.Globalization;
using Npgsql;

namespace EPimorfosi.System.Tests;

/// <summary>
/// Each fault strikes during a stampede of claims, on a PostgreSQL with fsync. Minutes in all, so by request only:
/// <c>-explicit only -class "*StampedeFaults"</c>. The rows are those of docs/faults.md.
/// </summary>
public sealed class StampedeFaults(StampedeSystem stampede) : IClassFixture<StampedeSystem>
{
    static readonly TimeSpan Away = TimeSpan.FromSeconds(3);

    WholeSystem System => stampede.System;

    [Theory(Explicit = true), InlineData("applications"), InlineData("allocation"), InlineData("gateway")]
    public Task A_process_is_killed_and_started_again(string name) =>
        stampede.Survive($"{name} killed (-9), started again", () => System[name].RestartAsync());

    [Theory(Explicit = true), InlineData("applications"), InlineData("allocation")]
    public async Task One_of_two_replicas_is_killed(string name)
    {
        await using var second = System[name].Replica();
        await second.StartAsync();
        await System["gateway"].RestartAsync(($"Services:{char.ToUpperInvariant(name[0])}{name[1..]}", $"{System[name].Address} {second.Address}")); // the very key that is set
        await stampede.Survive($"two of {name}, one killed (-9)", System[name].KillAsync, name, "gateway");
    }

    [Fact(Explicit = true)]
    public async Task One_of_two_gateways_is_killed()
    {
        await using var second = System["gateway"].Replica();
        await second.StartAsync();
        await using var balancer = new Wire(System["gateway"].Address.Port, second.Address.Port);
        await stampede.Survive("two gateways, one killed (-9), started again", () => System["gateway"].RestartAsync(), new Uri($"http://127.0.0.1:{balancer.Port}"));
    }

    [Fact(Explicit = true)]
    public Task RabbitMQ_is_killed_and_started_again() => stampede.Survive("RabbitMQ killed (-9), started again", async () =>
    {
        await System.Broker.KillAsync();
        await System.Broker.StartAsync();
    });

    [Fact(Explicit = true)]
    public Task PostgreSQL_is_killed_and_started_again() => stampede.Survive("PostgreSQL killed (-9), started again", async () =>
    {
        await System.Postgres.KillAsync();
        await System.Postgres.StartAsync();
    });

    [Theory(Explicit = true), InlineData("applications"), InlineData("allocation")]
    public async Task The_connections_to_the_database_are_cut(string name)
    {
        await using var wire = new Wire(System.Postgres.Port);
        var database = new NpgsqlConnectionStringBuilder(System[name].Settings["ConnectionStrings:Database"]) { Port = wire.Port };
        await System[name].RestartAsync(("ConnectionStrings:Database", database.ConnectionString));
        await stampede.Survive($"{name} cut off from its database, 3 times {Away.Seconds} s", () => CutThrice(wire), name);
    }

    [Theory(Explicit = true), InlineData("applications"), InlineData("allocation")]
    public async Task The_connections_to_the_broker_are_cut(string name)
    {
        await using var wire = new Wire(System.Broker.Port);
        await System[name].RestartAsync(("ConnectionStrings:Bus", new UriBuilder(System.Bus) { Port = wire.Port }.Uri.ToString()));
        await stampede.Survive($"{name} cut off from RabbitMQ, 3 times {Away.Seconds} s", () => CutThrice(wire), name);
    }

    static async Task CutThrice(Wire wire)
    {
        for (var time = 0; time < 3; time++)
        {
            wire.Cut();
            await Task.Delay(Away);
            wire.Mend();
            await Task.Delay(Away);
        }
        Assert.True(wire.Broken > 0, "there was no connection to cut");
    }

    [Fact(Explicit = true)]
    public async Task Messages_are_repeated_and_out_of_order()
    {
        await using var shuffler = await Shuffler.StartAsync(System.Bus);
        await stampede.Survive("every message twice, in random order", () => Task.CompletedTask);
        Assert.True(shuffler.Shuffled > 50, $"only {shuffler.Shuffled} messages were shuffled");
    }

    [Theory(Explicit = true), InlineData("applications", 120), InlineData("allocation", -120), InlineData("gateway", 120), InlineData("gateway", -120)]
    public async Task The_clock_of_a_process_is_off(string name, int seconds)
    {
        var library = Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", SearchOption.AllDirectories).FirstOrDefault();
        Assert.SkipWhen(library is null, "libfaketime is missing: apt-get install libfaketime");
        await System[name].RestartAsync(("LD_PRELOAD", library!), ("DONT_FAKE_MONOTONIC", "1"), ("FAKETIME_FORCE_MONOTONIC_FIX", "0"), ("FAKETIME", string.Create(CultureInfo.InvariantCulture, $"{seconds:+0;-0}")));
        Assert.InRange((await System[name].ClockAheadAsync()).TotalSeconds, seconds - 5, seconds + 5);
        await stampede.Survive(string.Create(CultureInfo.InvariantCulture, $"clock of {name} {seconds / 60:+0;-0} min"), () => Task.CompletedTask, name);
    }

    [Fact(Explicit = true)]
    public Task The_broker_has_no_disk_left_for_a_while() => stampede.Survive("disk full for RabbitMQ, 10 s", async () =>
    {
        await System.Broker.NeedFreeDiskAsync("100000GB");
        await Task.Delay(TimeSpan.FromSeconds(10));
        await System.Broker.NeedFreeDiskAsync("100MB");
    });
}

/// <summary>Three nodes of RabbitMQ on loopback, quorum queues on all of them.</summary>
public sealed class ClusterStampedeFaults(ClusterSystem stampede) : IClassFixture<ClusterSystem>
{
    [Fact(Explicit = true)]
    public Task A_node_of_the_cluster_is_lost_for_a_while() => stampede.Survive("one of three nodes of RabbitMQ killed (-9), started again", async () =>
    {
        await stampede.System.Brokers[1].KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(10));
        await stampede.System.Brokers[1].StartAsync();
    });
}
