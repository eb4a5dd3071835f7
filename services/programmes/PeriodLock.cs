using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Programmes;

/// <summary>
/// Who changes a period or its programmes holds the period's lock to the end of the transaction, and so does the freeze: what was
/// acknowledged is in the frozen catalogue (R17), and nothing is acknowledged after it.
/// </summary>
static class PeriodLock
{
    public static Task Take(ProgrammesDb db, string period, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('period ' || {period}, 0))", cancellationToken);
}
