using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>
/// Who writes applications of a period holds its lock shared, who freezes it holds it alone, both to the end of the transaction: so what was
/// acknowledged is in the frozen list (R17), and nothing is acknowledged after it.
/// </summary>
static class PeriodLock
{
    const string Key = "hashtextextended('period ' || $1, 0)";

    public static Task Shared(NpgsqlConnection connection, string period, CancellationToken cancellationToken) =>
        connection.Execute($"select pg_advisory_xact_lock_shared({Key})", cancellationToken, period);

    public static async Task Alone(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"select pg_advisory_xact_lock({Key})", period);
        command.CommandTimeout = 0; // a long import goes first
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
