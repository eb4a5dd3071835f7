using EPimorfosi.Allocation.Lists;
using EPimorfosi.Contracts.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace EPimorfosi.Allocation.Draws;

/// <summary>A period's draw as it stands, and for who is to act on it the right to do so alone until the transaction ends.</summary>
/// <param name="Draw">Null before the commitment.</param>
/// <param name="Custodians">In their order.</param>
public sealed record Turn(Period Period, Book Book, Ceremony? Draw, IReadOnlyList<Custodian> Custodians, IDbContextTransaction? Transaction) : IAsyncDisposable
{
    public DrawState State => Draw?.State ?? (Book.FrozenAt is null ? DrawState.Collecting : DrawState.Frozen);

    /// <summary>When the list has been public long enough to commit to (R18); null before it is.</summary>
    public DateTimeOffset? CommitFrom => Book.FrozenAt?.AddHours(Period.Policy.ObjectionHours);

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
        var book = await read() ?? new Book { Period = code };
        var draw = await db.Draws.Where(drawn => drawn.Period == code).OrderBy(drawn => drawn.Number).LastOrDefaultAsync(cancellationToken);
        var number = draw?.Number ?? 1;
        var custodians = await db.Custodians.Where(custodian => custodian.Period == code && custodian.Draw == number)
            .OrderBy(custodian => custodian.Position).ToListAsync(cancellationToken);
        return new(period, book, draw, custodians, transaction);
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
