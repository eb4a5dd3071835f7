using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The service's own book: whatever the bus does, it freezes only what the owners announced (R17).</summary>
public sealed class BookTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Fact]
    public async Task Shuffled_repeated_and_outdated_deliveries_end_in_the_announced_digest() // I7
    {
        var stage = new Stage(fixture.Service);
        await stage.PublishPeriod();
        var random = new Random(1);
        var old = stage.Applications.Select(a => a with { Version = 0, Preferences = ["P-7"], Withdrawn = false });
        var entries = stage.Applications.Concat(stage.Applications).Concat(old).ToArray();
        random.Shuffle(entries);
        await stage.Announce();
        foreach (var batch in entries.Chunk(25))
        {
            var id = Guid.NewGuid();
            await Task.WhenAll(stage.Service.Bus.Publish(new ApplicationsReceived(stage.Period, batch), id), stage.Service.Bus.Publish(new ApplicationsReceived(stage.Period, batch), id));
        }
        await stage.PublishProgrammes();
        await stage.State("Frozen");
        Assert.Equal(stage.ApplicationsTxt, await (await stage.Get("/applications.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(stage.ProgrammesTxt, await (await stage.Get("/programmes.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lost_message_is_noticed_asked_for_and_listed()
    {
        var stage = new Stage(fixture.Service);
        var (lost, kept) = (stage.Applications.Where(a => a.Ticket.StartsWith("00", StringComparison.Ordinal)).ToList(), stage.Applications.Where(a => !a.Ticket.StartsWith("00", StringComparison.Ordinal)));
        Assert.Contains(lost, a => !a.Withdrawn);
        await stage.PublishPeriod();
        await stage.PublishApplications(kept);
        await stage.Announce();
        var asked = await stage.Service.Bus.Next<CompareBooks>(compare => compare.Period == stage.Period);
        await stage.Service.Bus.Next<PublishProgrammesAgain>(again => again.Period == stage.Period);
        Assert.DoesNotContain(asked.Buckets, bucket => bucket.Bucket == "00");
        Assert.All(asked.Buckets, bucket => Assert.Equal(bucket, Bucket(stage, bucket.Bucket)));
        Assert.Equal("Collecting", (await stage.Draw()).GetProperty("state").GetString());
        Assert.Equal(409, (int)(await stage.Get("/applications.txt")).StatusCode);

        await stage.PublishApplications(lost);
        await stage.PublishProgrammes();
        await stage.State("Frozen");
        var book = (await stage.Draw()).GetProperty("book");
        Assert.Equal(lost.Select(a => a.Ticket).Order(StringComparer.Ordinal), book.GetProperty("repairedTickets").EnumerateArray().Select(ticket => ticket.GetString()));
    }

    [Fact]
    public async Task What_comes_after_the_freeze_changes_nothing_and_is_counted()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        await stage.PublishApplications([stage.Applications[0] with { Version = 2, Preferences = ["P-1"], Withdrawn = false }, stage.Applications[1]]);
        await stage.Service.Bus.Publish(new ProgrammesPublished(stage.Period, [stage.Programmes[0] with { Version = 2, Maximum = 99 }]));
        await Until.True(async () => (await stage.Draw()).GetProperty("book").GetProperty("late").GetInt64() == 2, "two late entries");
        Assert.Equal(stage.ApplicationsTxt, await (await stage.Get("/applications.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(stage.ProgrammesTxt, await (await stage.Get("/programmes.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrong_digest_with_the_right_count_is_not_frozen()
    {
        var stage = new Stage(fixture.Service);
        await stage.PublishPeriod();
        await stage.PublishProgrammes();
        var standing = stage.Applications.First(a => !a.Withdrawn);
        await stage.PublishApplications(stage.Applications.Select(a => a == standing ? a with { Preferences = ["P-7"] } : a));
        await stage.Announce();
        await stage.Service.Bus.Next<CompareBooks>(compare => compare.Period == stage.Period);
        Assert.Equal("Collecting", (await stage.Draw()).GetProperty("state").GetString());
        Assert.DoesNotContain(stage.Service.Bus.Heard<PublishProgrammesAgain>(), again => again.Period == stage.Period);

        await stage.PublishApplications([standing with { Version = 2 }]);
        await stage.State("Frozen");
    }

    [Fact]
    public void No_route_is_open_by_oversight() => Assert.Empty(fixture.Service.RoutesWithoutPolicy());

    [Fact]
    public async Task The_migrations_are_those_of_the_model()
    {
        await using var scope = fixture.Service.Services.CreateAsyncScope();
        Assert.False(scope.ServiceProvider.GetRequiredService<AllocationDb>().Database.HasPendingModelChanges());
    }

    static BucketDigest Bucket(Stage stage, string bucket)
    {
        var lines = stage.ApplicationsTxt.Split('\n')[1..^1].Where(line => line.StartsWith(bucket, StringComparison.Ordinal)).ToList();
        return new(bucket, lines.Count, Stage.Sha256(string.Concat(lines.Select(line => line + "\n"))));
    }
}
