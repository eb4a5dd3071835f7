namespace EPimorfosi.Tests.Servers;

/// <summary>A PostgreSQL that a test may stop and restart; one that it kills (-9) must be durable, or the last commits are gone.</summary>
public sealed class NativePostgres() : NativeServer("postgres.sh", NewDirectory("postgres"))
{
    readonly int[] ports = FreePorts(1);

    protected override int[] Ports => ports;

    public int Port => ports[0];

    /// <summary>The superuser's connection string, without a database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password()};Include Error Detail=true";

    public Task<string> NewDatabaseAsync(string? name = null, CancellationToken cancel = default) =>
        PostgresServer.NewDatabaseOn(ConnectionString, name, cancel);

    public static async Task<NativePostgres> StartNewAsync(bool durable = false)
    {
        var server = new NativePostgres { Durable = durable };
        await server.StartAsync();
        return server;
    }
}
