using System.Diagnostics;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Allocation.Lists;

/// <summary>One replica watches the books that are announced but not complete: it freezes those that have become so, and asks again for what does not come.</summary>
public sealed class Freezer(IServiceScopeFactory scopes, NpgsqlDataSource source, TimeProvider time, ILogger<Freezer> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(3), LongestPatience = TimeSpan.FromMinutes(5);
    readonly Dictionary<string, Watch> watches = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var election = await Election.TryEnter(source, "freezer", stoppingToken);
                if (election is not null)
                {
                    await Look(stoppingToken);
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogError(fault, "The books could not be looked at.");
            }
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Look(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var open = await scope.ServiceProvider.GetRequiredService<AllocationDb>().Books
            .Where(book => book.FrozenAt == null && book.ApplicationsSha256 != null && book.ProgrammesSha256 != null)
            .Select(book => book.Period).ToListAsync(cancellationToken);
        foreach (var period in open)
        {
            await Look(period, cancellationToken);
        }
    }

    async Task Look(string period, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AllocationDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        Watch? watch = watches.GetValueOrDefault(period, Watch.New);
        var progress = await Completeness.Progress(db, period, cancellationToken);
        if (progress == watch.Progress && !watch.Due)
        {
            return;
        }
        var book = await Book.Take(db, period, cancellationToken);
        if (await Completeness.TryFreeze(db, book, time.GetUtcNow(), cancellationToken))
        {
            log.LogInformation("The lists of {Period} are complete: {Applications} applications, {Programmes} programmes.", period, book.Applications, book.Programmes);
            watch = null;
        }
        else if (progress == watch.Progress)
        {
            await Completeness.Ask(db, book, cancellationToken);
            log.LogWarning("The lists of {Period} are not what was announced; asked for what differs, time {Asked}.", period, book.Asked);
            watch = watch.AfterAsking();
        }
        else
        {
            watch = watch.After(progress);
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (watch is null)
        {
            watches.Remove(period);
        }
        else
        {
            watches[period] = watch;
        }
    }

    /// <summary>What was there at the last look, and since when nothing came.</summary>
    sealed record Watch((long, long, long) Progress, long Since, TimeSpan Patience)
    {
        public static Watch New { get; } = new((-1, -1, -1), 0, Freezer.Patience);

        public bool Due => Stopwatch.GetElapsedTime(Since) > Patience;

        public Watch After((long, long, long) progress) => this with { Progress = progress, Since = Stopwatch.GetTimestamp() };

        public Watch AfterAsking() => this with { Since = Stopwatch.GetTimestamp(), Patience = Patience * 2 < LongestPatience ? Patience * 2 : LongestPatience };
    }
}
