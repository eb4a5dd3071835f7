using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Gateway.Drafts;

/// <summary>The drafts' table.</summary>
sealed class DraftStore(IDbContextFactory<GatewayDb> contexts)
{
    public async Task<Draft?> Of(Guid account, string period, string phase, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Drafts.AsNoTracking().SingleOrDefaultAsync(draft => draft.Account == account && draft.Period == period && draft.Phase == phase, cancellationToken);
    }

    public async Task<List<Draft>> All(Guid account, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Drafts.AsNoTracking().Where(draft => draft.Account == account).ToListAsync(cancellationToken);
    }

    /// <returns>False if another was first with a revision of this number: then nothing was written.</returns>
    public async Task<bool> Save(Draft next, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (next.Revision > 1)
        {
            return await db.Drafts.Where(draft => draft.Account == next.Account && draft.Period == next.Period && draft.Phase == next.Phase && draft.Revision == next.Revision - 1)
                .ExecuteUpdateAsync(change => change.SetProperty(draft => draft.Revision, next.Revision).SetProperty(draft => draft.Preferences, next.Preferences)
                    .SetProperty(draft => draft.DaysOut, next.DaysOut).SetProperty(draft => draft.BasedOn, next.BasedOn)
                    .SetProperty(draft => draft.LastAct, next.LastAct).SetProperty(draft => draft.SavedAt, next.SavedAt), cancellationToken) == 1;
        }
        try
        {
            db.Drafts.Add(next);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException fault) when (fault.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }
}
