using EPimorfosi.Contracts.Programmes;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Programmes;

/// <summary>Somebody's copy of the catalogue is not whole: all of the period once more, at the versions they have.</summary>
public sealed class PublishProgrammesAgainConsumer(ProgrammesDb db) : IConsumer<PublishProgrammesAgain>
{
    public async Task Consume(ConsumeContext<PublishProgrammesAgain> context)
    {
        var period = context.Message.Period;
        var programmes = await db.Programmes.AsNoTracking().Where(row => row.Period == period).OrderBy(row => row.Code).ToListAsync(context.CancellationToken);
        foreach (var some in programmes.Chunk(ProgrammeImport.ProgrammesAMessage))
        {
            db.Publish(new ProgrammesPublished(period, [.. some.Select(programme => programme.ToContract())]));
        }
        await db.SaveChangesAsync(context.CancellationToken);
    }
}
