using Npgsql;
using Testcontainers.PostgreSql;

namespace EPimorfosi.Tests.Servers;

/// <summary>
/// The PostgreSQL of this test run: the one named by <c>EPIMORFOSI_TEST_POSTGRES</c> (a superuser's connection string); else a container
/// where a Docker engine answers; else a native one. Started at the first use, gone at the end of the process.
/// </summary>
public static class PostgresServer
{
    public const string Image = "postgres:17.6-bookworm";

    static readonly Lazy<Task<string>> Server = new(Start);

    /// <summary>The connection string of a fresh, empty database, of which the caller is owner.</summary>
    public static async Task<string> NewDatabaseAsync(CancellationToken cancel = default) =>
        await NewDatabaseOn(await Server.Value.WaitAsync(cancel), null, cancel);

    internal static async Task<string> NewDatabaseOn(string server, string? name, CancellationToken cancel)
    {
        name ??= "test_" + Guid.CreateVersion7().ToString("N");
        var connection = new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false };
        await using var admin = new NpgsqlConnection(connection.ConnectionString);
        await admin.OpenAsync(cancel);
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\" STRATEGY file_copy", admin);
        await create.ExecuteNonQueryAsync(cancel);
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 30 }.ConnectionString;
    }

    static async Task<string> Start()
    {
        if (Environment.GetEnvironmentVariable("EPIMORFOSI_TEST_POSTGRES") is { Length: > 0 } given)
            return Told(given, "as given by EPIMORFOSI_TEST_POSTGRES");
        if (Docker.Answers)
        {
            var container = new PostgreSqlBuilder(Image)
                .WithCommand("-c", "max_connections=400", "-c", "fsync=off", "-c", "synchronous_commit=off").Build();
            await container.StartAsync();
            return Told(container.GetConnectionString(), "by Testcontainers");
        }
        return Told((await NativePostgres.StartNewAsync()).ConnectionString, "native");
    }

    static string Told(string connection, string how)
    {
        Console.Error.WriteLine($"PostgreSQL: {how}"); // beside what a program answers with, as JSON say
        return connection;
    }
}
