using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>
/// Freezes the list of a period when its phase A closes (R17). Every replica watches; the period's lock, held alone, and the row of the freeze
/// let one of them do it, once, after every writer who came in time.
/// </summary>
sealed class Freezer(NpgsqlDataSource source, TimeProvider time, ILogger<Freezer> log) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FreezeWhatIsDue(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException fault)
            {
                log.LogWarning("The freeze waits: {Reason}", fault.Message);
            }
            await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task FreezeWhatIsDue(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var open = await connection.Rows("select body from periods where not exists (select from freezes where period = periods.code)",
            row => JsonSerializer.Deserialize<Period>(row.GetString(0), Outbox.Json)!, cancellationToken);
        foreach (var period in open.Where(period => period.PhaseA.IsOver(time.Now())))
        {
            await Freeze(connection, period.Code, cancellationToken);
        }
    }

    async Task Freeze(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PeriodLock.Alone(connection, period, cancellationToken);
        // Looked at again under the lock: another replica may have been here, or the office may have moved the boundary.
        var body = await connection.Scalar<string>(
            "select body from periods where code = $1 and not exists (select from freezes where period = $1)", cancellationToken, period);
        if (body is null || !JsonSerializer.Deserialize<Period>(body, Outbox.Json)!.PhaseA.IsOver(time.Now()))
        {
            return;
        }
        var (count, sha256) = await Digest(connection, period, cancellationToken);
        var now = time.Now();
        await connection.Execute("insert into freezes (period, count, sha256, frozen_at) values ($1, $2, $3, $4)", cancellationToken, period, count, sha256, now);
        await connection.Publish([new ApplicationsFrozen(period, count, sha256, now)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.LogInformation("The list of {Period} is frozen: {Count} applications, SHA-256 {Sha256}.", period, count, sha256);
    }

    /// <summary>Count and digest of <c>applications.txt</c>, a row in memory at a time.</summary>
    internal static async Task<(int Count, string Sha256)> Digest(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Canonical.ApplicationsHeader(period)));
        var count = 0;
        await using var command = connection.Command(
            "select ticket, cluster, preferences from applications where period = $1 and version > 0 and not withdrawn order by ticket collate \"C\"", period);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        for (; await reader.ReadAsync(cancellationToken); count++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Canonical.ApplicationLine(reader.GetString(0), reader.GetString(1), reader.Texts(2))));
        }
        return (count, Canonical.Hex(hash.GetHashAndReset()));
    }
}
