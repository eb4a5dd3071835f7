using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Programmes;

/// <summary>
/// R17: when phase A closes, one replica takes the catalogue as it stands: waits for those who are still writing, digests it, and says so.
/// Nobody changes a programme of the period after it.
/// </summary>
sealed class Freezer(IDbContextFactory<ProgrammesDb> contexts, NpgsqlDataSource source, TimeProvider time, ILogger<Freezer> log) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var period in await Due(stoppingToken))
                {
                    await Freeze(period, stoppingToken);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning("Freezing waits: {Reason}", fault.Message);
            }
            await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // real time: the business clock may stand still
        }
    }

    async Task<IReadOnlyList<string>> Due(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.Now();
        var open = await db.Periods.AsNoTracking().Where(period => period.FrozenAt == null && period.PhaseA.Closes <= now).ToListAsync(cancellationToken);
        return [.. open.Where(period => period.PhaseA.StateAt(now) == PhaseState.Closed).Select(period => period.Code)];
    }

    async Task Freeze(string code, CancellationToken cancellationToken)
    {
        await using var election = await Election.TryEnter(source, "freeze", cancellationToken);
        if (election is null)
        {
            return;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Database.SetCommandTimeout(0); // an import that began in time goes first
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await PeriodLock.Take(db, code, cancellationToken);
        var (period, now) = (await db.Periods.SingleAsync(row => row.Code == code, cancellationToken), time.Now());
        if (period.FrozenAt is not null || period.PhaseA.StateAt(now) != PhaseState.Closed)
        {
            return;
        }
        var (count, sha256) = await Digest(db, code, cancellationToken);
        period.Freeze(count, sha256, now);
        db.Publish(new ProgrammesFrozen(code, count, sha256, now));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.LogInformation("Period {Period}: {Count} programmes frozen, {Sha256}.", code, count, sha256);
    }

    /// <summary>Of <c>programmes.txt</c>, sorted by the bytes of the code.</summary>
    static async Task<(int Count, string Sha256)> Digest(ProgrammesDb db, string period, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(Canonical.ProgrammesHeader(period)));
        var count = 0;
        await foreach (var programme in db.Programmes.AsNoTracking().Where(row => row.Period == period).OrderBy(row => row.Code).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            digest.AppendData(Encoding.UTF8.GetBytes(Canonical.ProgrammeLine(programme.ToContract())));
            count++;
        }
        return (count, Canonical.Hex(digest.GetHashAndReset()));
    }
}
