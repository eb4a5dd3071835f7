namespace EPimorfosi.Tests.Servers;

/// <summary>A PostgreSQL that a test may stop, kill and restart. Not durable against a crash of the machine (fsync off), only against one of its own.</summary>
public sealed class NativePostgres() : NativeServer("postgres.sh", NewDirectory("postgres"))
{
    readonly int[] ports = FreePorts(1);

    protected override int[] Ports => ports;

    public int Port => ports[0];

    /// <summary>The superuser's connection string, without a database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password()};Include Error Detail=true";

    public Task<string> NewDatabaseAsync(string? name = null, CancellationToken cancel = default) =>
        PostgresServer.NewDatabaseOn(ConnectionString, name, cancel);

    public static async Task<NativePostgres> StartNewAsync()
    {
        var server = new NativePostgres();
        await server.StartAsync();
        return server;
    }
}
