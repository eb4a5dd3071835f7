using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class FreezeTests : IAsyncLifetime
{
    const string Address = $"/api/applications/{Scene.P}";
    Scene scene = null!;

    public async ValueTask InitializeAsync() => scene = await Scene.Start(60);

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task An_application_is_late_at_the_instant_and_is_told_the_servers_clock()
    {
        scene.Clock.SetUtcNow(Scene.Period.PhaseA.Closes.AddMilliseconds(999));
        await ApplicationTests.Receipt(await scene.Put(1, "A1"));
        await Scene.Refused(await scene.Service.Anyone().GetAsync($"{Address}/frozen"), 404, "R17");

        scene.Clock.SetUtcNow(Scene.Period.PhaseA.Closes.AddSeconds(1));
        var late = await Scene.Refused(await scene.Put(2, "A1"), 409, "R15");
        Assert.Equal("It closed at 20/01/2023 12:00:00 (Greek time). The server’s clock shows 20/01/2023 12:00:01.", late["detail"]!.GetValue<string>());
        await Scene.Refused(await scene.Teacher(1).DeleteAsync(Address), 409, "R15");
        await Scene.Refused(await scene.Import($"/api/applications/import?period={Scene.P}", $"registry_number,rank,programme\n{Scene.Number(3)},1,A1\n"), 409, "R15");

        var frozen = await scene.Service.Bus.Next<ApplicationsFrozen>();
        Assert.Equal(1, frozen.Count);
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        var later = Scene.Period with { Version = 2, PhaseA = Scene.Period.PhaseA with { Closes = Scene.Noon.AddDays(5) } };
        await scene.Publish(later);
        await Scene.Refused(await scene.Put(2, "A1"), 409, "R15"); // frozen is frozen, though the boundary moves again
    }

    [Fact]
    public async Task An_application_before_the_opening_is_told_when()
    {
        await scene.Publish(Scene.Period with { Code = "B2-LATER", PhaseA = new(Scene.Noon.AddMinutes(1), Scene.Noon.AddDays(1)) });
        var early = await Scene.Refused(await scene.Teacher(1).DeleteAsync("/api/applications/B2-LATER"), 409, "R30");
        Assert.Contains("16/01/2023 12:01:00", early["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_acknowledged_while_phase_A_closes_is_in_the_frozen_list()
    {
        await using var replica = await scene.Service.Again();
        string[][] lists = [["A1"], ["A2", "B1"], ["B1"], ["A1", "A2"]];
        var acknowledged = new Dictionary<string, SubmissionReceipt>();
        var (refused, stop) = (0, false);
        var writers = Enumerable.Range(1, 50).Select(teacher => Task.Run(async () =>
        {
            for (var round = 0; !Volatile.Read(ref stop) && round < 400; round++)
            {
                var host = round % 2 == 0 ? scene.Service : replica;
                using var client = host.As(Policies.Teacher, "t", Scene.Number(teacher));
                var answer = await client.PutAsJsonAsync(Address, new { preferences = lists[round % 4], declarations = new { teachingNow = true } });
                if (answer.StatusCode == HttpStatusCode.Conflict)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }
                var receipt = await ApplicationTests.Receipt(answer);
                lock (acknowledged)
                {
                    acknowledged[receipt.Ticket] = receipt;
                }
            }
        })).ToArray();
        await scene.Until("select count(*) > 300 from receipts", "writers at work");
        scene.Clock.SetUtcNow(Scene.Period.PhaseA.Closes.AddSeconds(1));
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60));
        Volatile.Write(ref stop, true);

        var frozen = await scene.Service.Bus.Next<ApplicationsFrozen>();
        var text = Canonical.ApplicationsHeader(Scene.P) + string.Concat(acknowledged.Values.OrderBy(receipt => receipt.Ticket, StringComparer.Ordinal).Select(receipt => receipt.Line));
        Assert.Equal((acknowledged.Count, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))), (frozen.Count, frozen.Sha256));
        Assert.Equal(50, refused);
        Assert.Single(scene.Service.Bus.Heard<ApplicationsFrozen>(), message => message.Period == Scene.P); // two replicas, one freeze

        var shown = await Scene.Json(await scene.Service.Anyone().GetAsync($"{Address}/frozen"));
        Assert.Equal((frozen.Count, frozen.Sha256), (shown["count"]!.GetValue<int>(), shown["sha256"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_withdrawn_application_is_absent_from_the_frozen_list()
    {
        await ApplicationTests.Receipt(await scene.Put(1, "A1"));
        await ApplicationTests.Receipt(await scene.Teacher(1).DeleteAsync(Address));
        var stays = await ApplicationTests.Receipt(await scene.Put(2, "A1", "B1"));
        scene.Clock.SetUtcNow(Scene.Period.PhaseA.Closes.AddSeconds(1));

        var frozen = await scene.Service.Bus.Next<ApplicationsFrozen>();
        var text = $"epimorfosi-applications-v1 {Scene.P}\n{stays.Line}";
        Assert.Equal((1, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))), (frozen.Count, frozen.Sha256));
        Assert.Equal("InDraw", (await Scene.Json(await scene.Teacher(2).GetAsync(Address)))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_allocation_lacks_is_published_again_and_nothing_else()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(1, 40).Select(async teacher => await ApplicationTests.Receipt(await scene.Put(teacher, "A1"))));
        await ApplicationTests.Receipt(await scene.Teacher(40).DeleteAsync(Address));
        await Until.True(() => Told() == 41, "all versions");
        var buckets = receipts.SkipLast(1).GroupBy(receipt => receipt.Ticket[..2]).Select(bucket => new BucketDigest(bucket.Key, bucket.Count(),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(bucket.OrderBy(one => one.Ticket, StringComparer.Ordinal).Select(one => one.Line))))))).ToList();
        var (missing, other) = (buckets[0].Bucket, buckets[1].Bucket);
        var withdrawn = receipts[^1].Ticket[..2];

        await scene.Service.Bus.Publish(new CompareBooks(Scene.P, [.. buckets.Skip(2), buckets[1] with { Sha256 = new string('0', 64) }]));
        await scene.Until("select count(*) = 1 from inbox where endpoint like '%compare-books'", "the comparison");
        var again = receipts.Count(receipt => receipt.Ticket[..2] == missing || receipt.Ticket[..2] == other || receipt.Ticket[..2] == withdrawn && buckets.All(bucket => bucket.Bucket != withdrawn));
        await Until.True(() => Told() == 41 + again, "what differs");

        await scene.Service.Bus.Publish(new CompareBooks(Scene.P, []));
        await Until.True(() => Told() == 41 + again + 40, "all of it");
    }

    int Told() => scene.Service.Bus.Heard<ApplicationsReceived>().Sum(message => message.Applications.Count);
}
