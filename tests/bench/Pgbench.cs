using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Bench;

/// <summary>What the same PostgreSQL bears when each row has its own commit: 64 clients of pgbench, the statement prepared, a table with one key.</summary>
public sealed partial class Pgbench(string database) : IAsyncDisposable
{
    readonly string script = Path.GetTempFileName();

    public static async Task<Pgbench> Create()
    {
        var bench = new Pgbench(await PostgresServer.NewDatabaseAsync());
        await using var source = NpgsqlDataSource.Create(bench.Database);
        await using var create = source.CreateCommand("create table claims (id bigserial primary key, ticket text not null, preferences text[] not null, accepted_at timestamptz not null)");
        await create.ExecuteNonQueryAsync();
        await File.WriteAllTextAsync(bench.script, "insert into claims (ticket, preferences, accepted_at) values ('0123456789ABCDEF', '{B2-2023-2.4-001,B2-2023-2.4-002,B2-2023-2.4-003}', now());\n");
        return bench;
    }

    public string Database => database;

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
