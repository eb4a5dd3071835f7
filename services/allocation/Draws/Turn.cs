using EPimorfosi.Allocation.Lists;
using EPimorfosi.Contracts.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace EPimorfosi.Allocation.Draws;

/// <summary>A period's draws as they stand, and for who is to act on the current one the right to do so alone until the transaction ends.</summary>
/// <param name="Draws">Every draw committed to, by number.</param>
/// <param name="Repetitions">Why there is more than one (R17).</param>
/// <param name="Custodians">Of every draw, in their order.</param>
public sealed record Turn(
    Period Period, Book Book, IReadOnlyList<Ceremony> Draws, IReadOnlyList<Repetition> Repetitions, IReadOnlyList<Custodian> AllCustodians,
    IDbContextTransaction? Transaction) : IAsyncDisposable
{
    /// <summary>The current draw's number, from 1.</summary>
    public int Number => Repetitions.Count + 1;

    /// <summary>The current draw; null before its commitment.</summary>
    public Ceremony? Draw => Draws.SingleOrDefault(draw => draw.Number == Number);

    /// <summary>The draw whose results stand; null before the first is published.</summary>
    public Ceremony? Published => Draws.LastOrDefault(draw => draw.State == DrawState.Published);

    public IReadOnlyList<Custodian> Custodians => CustodiansOf(Number);

    public DrawState State => Draw?.State ?? (Book.FrozenAt is null ? DrawState.Collecting : DrawState.Frozen);

    /// <summary>When the list has been public long enough to commit to (R18); null before it is.</summary>
    public DateTimeOffset? CommitFrom => Book.FrozenAt?.AddHours(Period.Policy.ObjectionHours);

    /// <summary>Custodians who have not revealed, by name (R18); before the commitment all.</summary>
    public IReadOnlyList<string> Silent => [.. Custodians.Where(custodian => custodian.Reveal is null).Select(custodian => custodian.Name)];

    /// <summary>None for a draw by drand.</summary>
    public IReadOnlyList<Custodian> CustodiansOf(int draw) =>
        [.. AllCustodians.Where(custodian => custodian.Draw == draw && Draws.All(of => of.Number != draw || of.Round is null))];

    /// <summary>Null for a period nobody told of.</summary>
    public static async Task<Turn?> Look(AllocationDb db, string period, CancellationToken cancellationToken) =>
        await Read(db, period, null, () => db.Books.AsNoTracking().SingleOrDefaultAsync(book => book.Period == period, cancellationToken), cancellationToken);

    /// <summary>The same, to act: whoever else wants to waits.</summary>
    public static async Task<Turn?> Take(AllocationDb db, string period, CancellationToken cancellationToken)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var turn = await Read(db, period, transaction, async () => await Book.Take(db, period, cancellationToken), cancellationToken);
        if (turn is null)
        {
            await transaction.DisposeAsync();
        }
        return turn;
    }

    static async Task<Turn?> Read(AllocationDb db, string code, IDbContextTransaction? transaction, Func<Task<Book?>> read, CancellationToken cancellationToken)
    {
        if (await db.Periods.SingleOrDefaultAsync(known => known.Code == code, cancellationToken) is not { Body: var period })
        {
            return null;
        }
        return new(period, await read() ?? new Book { Period = code },
            await db.Draws.Where(draw => draw.Period == code).OrderBy(draw => draw.Number).ToListAsync(cancellationToken),
            await db.Repetitions.Where(repetition => repetition.Period == code).OrderBy(repetition => repetition.Draw).ToListAsync(cancellationToken),
            await db.Custodians.Where(custodian => custodian.Period == code).OrderBy(custodian => custodian.Position).ToListAsync(cancellationToken), transaction);
    }

    public async Task Commit(AllocationDb db, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        await Transaction!.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Transaction is not null)
        {
            await Transaction.DisposeAsync();
        }
    }
}
