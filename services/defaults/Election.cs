using Npgsql;

namespace EPimorfosi.Defaults;

/// <summary>One replica at a time does a piece of work: it holds a session advisory lock of the service's database as long as this lives.</summary>
public sealed class Election : IAsyncDisposable
{
    readonly string name;

    Election(NpgsqlConnection connection, string name) => (Connection, this.name) = (connection, name);

    /// <summary>The connection that holds the lock. Work done on it fails once the lock is lost.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Waits for the lock.</summary>
    public static async Task<Election> Enter(NpgsqlDataSource source, string name, CancellationToken cancellationToken) =>
        await Take(source, name, "select pg_advisory_lock(hashtextextended($1, 0)) is not null", cancellationToken) ?? throw new InvalidOperationException("A lock that waits was not given.");

    /// <summary>Null if another replica holds the lock.</summary>
    public static Task<Election?> TryEnter(NpgsqlDataSource source, string name, CancellationToken cancellationToken) =>
        Take(source, name, "select pg_try_advisory_lock(hashtextextended($1, 0))", cancellationToken);

    static async Task<Election?> Take(NpgsqlDataSource source, string name, string sql, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } }, CommandTimeout = 0 };
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new Election(connection, name);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Connection.State == System.Data.ConnectionState.Open)
        {
            try
            {
                await using var command = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended($1, 0))", Connection) { Parameters = { new() { Value = name } } };
                await command.ExecuteScalarAsync();
            }
            catch (NpgsqlException)
            {
                // The session is gone, and the lock with it.
            }
        }
        await Connection.DisposeAsync();
    }
}
