using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using MassTransit;

namespace EPimorfosi.Allocation.Lists;

/// <summary>Learns what the list of applications must be, and freezes the book if it is that already.</summary>
public sealed class ApplicationsFrozenConsumer(AllocationDb db, TimeProvider time) : IConsumer<ApplicationsFrozen>
{
    public async Task Consume(ConsumeContext<ApplicationsFrozen> context)
    {
        var frozen = context.Message;
        var book = await Book.Take(db, frozen.Period, context.CancellationToken);
        book.AnnounceApplications(frozen.Count, frozen.Sha256);
        await Completeness.TryFreeze(db, book, time.GetUtcNow(), context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }
}

/// <summary>Learns what the catalogue must be, and freezes the book if it is that already.</summary>
public sealed class ProgrammesFrozenConsumer(AllocationDb db, TimeProvider time) : IConsumer<ProgrammesFrozen>
{
    public async Task Consume(ConsumeContext<ProgrammesFrozen> context)
    {
        var frozen = context.Message;
        var book = await Book.Take(db, frozen.Period, context.CancellationToken);
        book.AnnounceProgrammes(frozen.Count, frozen.Sha256);
        await Completeness.TryFreeze(db, book, time.GetUtcNow(), context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }
}
