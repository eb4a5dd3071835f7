using System.Net;
using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Npgsql;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

public sealed class FreezeTests : IAsyncLifetime
{
    ServiceUnderTest<Program> service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await Open(Before);
        await service.PutPeriod("P");
        await service.Import("P", Header + Line("Z.1") + Line("A-1", "IIa", tail: ",,2023-03-07,,,GR-A1-A") + Line("A1", tail: "8,12,2023-03-07,,,") + Line("A.1"));
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task At_the_closing_instant_the_catalogue_is_frozen_once_with_the_digest_of_its_file()
    {
        await using var second = await service.Again();
        service.Clock!.SetUtcNow(LastSecondOfPhaseA);
        await Task.Delay(600); // two polls: the last second still belongs to phase A (R30)
        Assert.Empty(service.Bus.Heard<ProgrammesFrozen>());
        Assert.Equal(HttpStatusCode.OK, (await service.Import("P", Header + Line("A2"))).StatusCode);

        service.Clock.Advance(TimeSpan.FromMilliseconds(100));
        var frozen = await service.Bus.Next<ProgrammesFrozen>();

        const string File = """
            epimorfosi-programmes-v1 P
            A-1|B2.4|IIa|GR-01,GR-A1|10|15
            A.1|B2.4|IIb|*|10|15
            A1|B2.4|IIb|*|8|12
            A2|B2.4|IIb|*|10|15
            Z.1|B2.4|IIb|*|10|15

            """;
        Assert.Equal(("P", 5, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReplaceLineEndings("\n"))))), (frozen.Period, frozen.Count, frozen.Sha256));
        var shown = (await service.Read("/api/periods/P"))["frozen"]!;
        Assert.Equal((5, frozen.Sha256), ((int)shown["programmes"]!, (string)shown["sha256"]!));
        await Task.Delay(600); // neither replica says it again
        Assert.Single(service.Bus.Heard<ProgrammesFrozen>());
    }

    [Fact]
    public async Task After_the_freeze_nothing_changes()
    {
        service.Clock!.SetUtcNow(LastSecondOfPhaseA.AddSeconds(1));
        foreach (var file in new[] { Header + Line("NEW"), Header + Line("A1") })
        {
            var answer = await service.Import("P", file, "&partial=true");
            Assert.Equal((HttpStatusCode.Conflict, "R17"), (answer.StatusCode, (string?)(await answer.Body())["rule"]));
        }
        Assert.Equal(4, (int)(await service.Read("/api/programmes?period=P"))["total"]!);
    }

    [Fact]
    public async Task The_office_closes_phase_A_and_that_freezes()
    {
        service.Clock!.SetUtcNow(InPhaseA);
        await service.Move("P", "A", "closed");
        Assert.Equal(4, (await service.Bus.Next<ProgrammesFrozen>()).Count);
    }

    [Fact]
    public async Task While_phase_A_is_open_a_programme_may_only_grow()
    {
        service.Clock!.SetUtcNow(InPhaseA);
        var narrower = await service.Import("P", Header + Line("A1", tail: "8,11,2023-03-07,,,"));
        Assert.Equal(["2:max:R17"], (await narrower.Body()).Faults());
        Assert.Equal("1,1,0,0", (await (await service.Import("P", Header + Line("A1", tail: "8,13,2023-03-07,Tue 17:00|Thu 17:00,,") + Line("NEW"))).Body()).Counts());
    }

    [Fact]
    public async Task Whoever_misses_programmes_gets_all_of_the_period_again_at_the_same_versions()
    {
        await service.Import("P", Header + Line("A1", tail: "8,13,2023-03-07,,,"));
        await service.Bus.Next<ProgrammesPublished>(message => message.Programmes.Count == 1);
        await service.Bus.Publish(new PublishProgrammesAgain("P"));
        await Until.True(() => service.Bus.Heard<ProgrammesPublished>().Count == 3, "the programmes again");

        var again = service.Bus.Heard<ProgrammesPublished>()[^1].Programmes;
        Assert.Equal(["A-1:1", "A.1:1", "A1:2", "Z.1:1"], again.Select(programme => $"{programme.Code}:{programme.Version}"));
    }

    [Fact]
    public async Task A_writer_who_came_in_time_is_in_the_frozen_catalogue()
    {
        service.Clock!.SetUtcNow(LastSecondOfPhaseA);
        var accepted = 0;
        async Task WriteUntilRefused(int writer)
        {
            for (var number = 0; ; number++)
            {
                var status = (await service.Import("P", Header + Line($"LATE.{writer}.{number}"))).StatusCode;
                if (status != HttpStatusCode.OK)
                {
                    Assert.Equal(HttpStatusCode.Conflict, status);
                    return;
                }
                if (Interlocked.Increment(ref accepted) == 6)
                {
                    service.Clock.Advance(TimeSpan.FromMilliseconds(200)); // phase A ends while the others are writing
                }
            }
        }
        await Task.WhenAll(Enumerable.Range(0, 4).Select(WriteUntilRefused));
        var frozen = await service.Bus.Next<ProgrammesFrozen>();

        Assert.Equal(4 + accepted, frozen.Count);
        Assert.Equal(frozen.Count, (int)(await service.Read("/api/programmes?period=P"))["total"]!);
    }

    [Fact]
    public async Task The_freeze_and_other_writers_wait_for_who_holds_the_period()
    {
        await using var source = NpgsqlDataSource.Create(service.Database);
        await using var writer = await source.OpenConnectionAsync();
        await using var writing = await writer.BeginTransactionAsync();
        service.Clock!.SetUtcNow(LastSecondOfPhaseA);
        await Run("select pg_advisory_xact_lock(hashtextextended('period P', 0))");

        var waiting = service.Import("P", Header + Line("WAITED"));
        await Until.True(async () => await source.CreateCommand("select exists (select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database()))").ExecuteScalarAsync() is true, "the import to wait");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.Delay(600); // two polls of the freezer
        Assert.Empty(service.Bus.Heard<ProgrammesFrozen>());
        await Run("insert into programmes select (jsonb_populate_record(one, '{\"code\":\"IN.TIME\"}')).* from programmes one where code = 'A1'");
        await writing.CommitAsync();

        Assert.Equal(HttpStatusCode.Conflict, (await waiting).StatusCode); // it came to its turn after the end
        Assert.Equal(5, (await service.Bus.Next<ProgrammesFrozen>()).Count);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, writer, writing);
            await command.ExecuteNonQueryAsync();
        }
    }
}
