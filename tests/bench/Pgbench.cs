using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EPimorfosi.Applications;
using EPimorfosi.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Bench;

/// <summary>What the same PostgreSQL bears when each row has its own commit: 64 clients of pgbench, the statement prepared, no service between.</summary>
public sealed partial class Pgbench : IAsyncDisposable
{
    /// <summary>As a claim is stored, but one by one: its place in the gapless order, its row with all its indexes, and its message. Without the counter's row there is no order (R23).</summary>
    const string Claim = """
        \set teacher random(1, 100000000)
        with counter as (
            insert into request_counters as mine (period, last_order, last_sequence) values ('B2-2023-2', 1, 1)
            on conflict (period) do update set last_order = mine.last_order + 1, last_sequence = mine.last_sequence + 1
            returning last_order, last_sequence),
        stored as (
            insert into seat_requests (period, "order", sequence, kind, registry_number, ticket, preferences, idempotency_key, accepted_at)
            select 'B2-2023-2', last_order, last_sequence, 0, '2' || :teacher, '0123456789ABCDEF', '{B2-2023-2.4-001,B2-2023-2.4-002,B2-2023-2.4-003}', gen_random_uuid()::text, now() from counter
            returning "order", sequence, ticket, preferences, accepted_at)
        insert into outbox (id, type, body, created_at)
        select gen_random_uuid(), 'EPimorfosi.Contracts.Applications.SeatRequestsAccepted', jsonb_build_object('period', 'B2-2023-2', 'requests', jsonb_build_array(jsonb_build_object(
            'order', "order", 'sequence', sequence, 'kind', 'Claim', 'ticket', ticket, 'preferences', to_jsonb(preferences), 'acceptedAt', accepted_at))), now() from stored;
        """;

    readonly string database, script = Path.GetTempFileName();

    Pgbench(string database, string statement)
    {
        this.database = database;
        File.WriteAllText(script, statement);
    }

    /// <summary>A row and nothing more: one key, no order, no message.</summary>
    public static async Task<Pgbench> OfRows()
    {
        var bench = new Pgbench(await PostgresServer.NewDatabaseAsync(), "insert into claims (ticket, preferences, accepted_at) values ('0123456789ABCDEF', '{B2-2023-2.4-001,B2-2023-2.4-002,B2-2023-2.4-003}', now());\n");
        await using var source = NpgsqlDataSource.Create(bench.database);
        await using var create = source.CreateCommand("create table claims (id bigserial primary key, ticket text not null, preferences text[] not null, accepted_at timestamptz not null)");
        await create.ExecuteNonQueryAsync();
        return bench;
    }

    /// <summary>The claims of the product, in its own tables.</summary>
    public static async Task<Pgbench> OfClaims()
    {
        var bench = new Pgbench(await PostgresServer.NewDatabaseAsync(), Claim.ReplaceLineEndings(" ").Replace(@"\set teacher random(1, 100000000) ", "\\set teacher random(1, 100000000)\n", StringComparison.Ordinal));
        await using var db = new ApplicationsDb(new DbContextOptionsBuilder<ApplicationsDb>().UseNpgsql(bench.database).UseSnakeCaseNamingConvention().Options);
        await db.Database.MigrateAsync();
        return bench;
    }

    /// <returns>Rows a second.</returns>
    public async Task<double> Run(TimeSpan time)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo("pgbench",
            ["-n", "-M", "prepared", "-c", "64", "-j", "2", "-T", time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), "-f", script,
             "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, server.Database!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = server.Password ?? "" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Tps().Match(output) is { Success: true } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench failed: {output}{await errors}");
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();

    public async ValueTask DisposeAsync()
    {
        File.Delete(script);
        await Databases.Drop(database);
    }
}

/// <summary>The server outlives the bench, its databases do not.</summary>
static class Databases
{
    public static async Task Drop(string database)
    {
        var server = new NpgsqlConnectionStringBuilder(database) { Pooling = false };
        var name = server.Database;
        server.Database = "postgres";
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
        await using var drop = admin.CreateCommand($"drop database if exists \"{name}\" with (force)");
        await drop.ExecuteNonQueryAsync();
    }
}
