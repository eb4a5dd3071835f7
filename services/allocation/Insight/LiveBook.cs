using System.Data;
using System.Text.Json;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Allocation.Insight;

/// <summary>Which edition of the book it is: each number only ever grows, so that equal marks are equal books.</summary>
public readonly record struct BookMark(long Applications, long Versions, long Programmes, long Strikes);

/// <summary>The book as it stands at the moment, of which estimates are made. Nothing here decides anything.</summary>
/// <param name="Catalogue">In the order of the book's programmes.</param>
public sealed record LiveBook(BookMark Mark, IReadOnlyList<Programme> Catalogue, DrawBook Book)
{
    /// <summary>Cheap next to reading the book.</summary>
    public static async Task<BookMark> Edition(NpgsqlDataSource source, string period, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await Edition(connection, period, cancellationToken);
    }

    public static async Task<LiveBook> Read(NpgsqlDataSource source, string period, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var mark = await Edition(connection, period, cancellationToken);
        var catalogue = await Programmes(connection, period, cancellationToken);
        var book = BookOf(catalogue);
        var known = catalogue.Select(programme => programme.Code).ToHashSet(StringComparer.Ordinal);
        await using var command = Command(connection, "select ticket, preferences from applications where period = $1 and not withdrawn and struck is null order by ticket", period);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            // An application may come before the programme that it lists; the estimate does without until both are there.
            book.Add(rows.GetString(0), rows.GetFieldValue<string[]>(1).Where(known.Contains));
        }
        return new(mark, catalogue, book);
    }

    public static DrawBook BookOf(IEnumerable<Programme> catalogue) =>
        new(catalogue.Select(programme => new DrawProgramme(programme.Code, programme.Minimum, programme.Maximum)));

    static async Task<BookMark> Edition(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, """
            select count(*), coalesce(sum(version), 0), (select coalesce(sum(version), 0) from programmes where period = $1), (select count(*) from strikes where period = $1)
            from applications where period = $1
            """, period);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }

    static async Task<List<Programme>> Programmes(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "select body from programmes where period = $1 order by code", period);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var programmes = new List<Programme>();
        while (await rows.ReadAsync(cancellationToken))
        {
            programmes.Add(JsonSerializer.Deserialize<Programme>(rows.GetString(0), Outbox.Json)!);
        }
        return programmes;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string period) => new(sql, connection) { Parameters = { new() { Value = period } } };
}
