using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>SQL by positional parameters (<c>$1</c> …), where EF Core is the wrong tool.</summary>
static class Sql
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
        return command;
    }

    public static async Task<int> Execute(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first value of the first row; default if there is none.</summary>
    public static async Task<T?> Scalar<T>(this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    public static async Task<List<T>> Rows<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(reader));
        }
        return rows;
    }

    /// <summary>A command of a batch.</summary>
    public static NpgsqlBatchCommand Part(string sql, params object?[] parameters)
    {
        var part = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            part.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
        return part;
    }

    /// <summary>The rows of this result of a batch; the reader is at the next one then.</summary>
    public static async Task<List<T>> Next<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(map(reader));
        }
        await reader.NextResultAsync();
        return rows;
    }

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static string[] Texts(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<string[]>(column);

    /// <summary>Puts messages into the outbox of this connection's transaction.</summary>
    public static async Task Publish(this NpgsqlConnection connection, IEnumerable<object> messages, CancellationToken cancellationToken)
    {
        var rows = messages.Select(Outbox.Row).ToArray();
        if (rows.Length > 0)
        {
            await connection.Execute(
                $"insert into outbox ({Outbox.Columns}) select * from unnest($1::uuid[], $2::text[], $3::text[]::jsonb[], $4::text[], $5::timestamptz[])", cancellationToken,
                rows.Select(row => row.Id).ToArray(), rows.Select(row => row.Type).ToArray(), rows.Select(row => row.Body).ToArray(),
                rows.Select(row => row.Traceparent).ToArray(), rows.Select(row => row.CreatedAt).ToArray());
        }
    }
}
