using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Allocation.Tests;

/// <summary>A step of the draw that dies halfway has not happened; told again, it comes to the same result (R17).</summary>
public sealed class KilledRunTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Theory]
    [InlineData("run", "outcomes", "Committed")]
    [InlineData("run", "drawn_programmes", "Committed")]
    [InlineData("publish", "outbox", "Drawn")]
    [InlineData("publish", "seats", "Drawn")]
    public async Task Killed_at_any_table_it_leaves_nothing_and_the_next_try_gives_what_the_first_would_have(string act, string table, string before)
    {
        var stage = await new Stage(fixture.Service).Commit();
        await stage.Reveal();
        if (act == "publish")
        {
            await Stage.Ok(stage.Act("office", "office", "run"));
        }
        await using (var connection = new NpgsqlConnection(fixture.Service.Database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await Execute(connection, $"lock table {table} in exclusive mode");
            var acting = stage.Act("office", "office", act);
            await Until.True(async () => await Execute(connection, $"select count(*) from pg_locks where not granted and relation = '{table}'::regclass") > 0, $"the {act} to come to {table}");
            await Execute(connection, $"select count(pg_terminate_backend(pid)) from pg_locks where not granted and relation = '{table}'::regclass");
            Assert.False((await acting).IsSuccessStatusCode);
        }
        Assert.Equal(before, (await stage.Draw()).GetProperty("state").GetString());
        Assert.DoesNotContain(fixture.Service.Bus.Heard<OutcomesDecided>(), outcomes => outcomes.Period == stage.Period);

        await Stage.Ok(stage.Act("office", "office", "run"));
        await Stage.Ok(stage.Act("office", "office", "publish"));
        var results = await (await stage.Get("/results.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var seed = Convert.FromHexString((await stage.Draw()).GetProperty("seed").GetString()!);
        var expected = NaiveDraw.Run(new([.. stage.Programmes.Select(p => new Draws.DrawProgramme(p.Code, p.Minimum, p.Maximum))],
            [.. stage.Applications.Where(a => !a.Withdrawn).Select(a => (a.Ticket, a.Preferences.ToArray()))], seed));
        Assert.Equal(expected.Select((r, i) => $"{i + 1}|{r.Ticket}|{r.Programme ?? "-"}|{r.Rank}"), results.Split('\n')[1..^1]);
        await fixture.Service.Bus.Next<ResultsPublished>(published => published.Period == stage.Period);
        Assert.Equal(expected.Select(r => r.Ticket).Order(StringComparer.Ordinal), (await stage.Told(expected.Count)).Select(outcome => outcome.Ticket).Order(StringComparer.Ordinal));
    }

    static async Task<long> Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is long count ? count : 0;
    }
}
