using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Allocation.Lists;

/// <summary>Whether the book is exactly what its owners announced (R17): no message lost on the way can change a draw.</summary>
public static class Completeness
{
    /// <summary>Freezes the book if it is complete. The caller has it alone (<see cref="Book.Take"/>).</summary>
    public static async Task<bool> TryFreeze(AllocationDb db, Book book, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (book.FrozenAt is not null || !book.Announced || await Faults(db, book, cancellationToken) is not (false, false)
            || await ListsUnknownProgramme(db, book.Period, cancellationToken))
        {
            return book.FrozenAt is not null;
        }
        book.Freeze(now);
        return true;
    }

    /// <summary>Asks the owners for what differs; each differing bucket of tickets comes again whole.</summary>
    public static async Task Ask(AllocationDb db, Book book, CancellationToken cancellationToken)
    {
        var (applications, programmes) = await Faults(db, book, cancellationToken);
        if (applications)
        {
            db.Publish(new CompareBooks(book.Period, await CanonicalLists.Buckets(Connection(db), book.Period, cancellationToken)));
        }
        if (programmes)
        {
            db.Publish(new PublishProgrammesAgain(book.Period));
        }
        book.Ask();
    }

    /// <summary>A cheap sign of whether anything came since it was last looked at.</summary>
    public static async Task<(long, long, long)> Progress(AllocationDb db, string period, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select count(*), coalesce(sum(version), 0), (select coalesce(sum(version), 0) from programmes where period = $1) from applications where period = $1
            """, Connection(db)) { Parameters = { new() { Value = period } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    static async Task<(bool Applications, bool Programmes)> Faults(AllocationDb db, Book book, CancellationToken cancellationToken)
    {
        var count = await db.Applications.CountAsync(application => application.Period == book.Period && !application.Withdrawn, cancellationToken);
        var applications = count == book.Applications
            && (await CanonicalLists.Digest(CanonicalLists.ApplicationLines(Connection(db), book.Period, 0, cancellationToken), cancellationToken)).Sha256 == book.ApplicationsSha256;
        var programmes = await CanonicalLists.Digest(CanonicalLists.ProgrammeLines(Connection(db), book.Period, cancellationToken), cancellationToken);
        return (!applications, programmes != new ListDigest(book.Programmes!.Value, book.ProgrammesSha256!));
    }

    /// <summary>Digests that agree on a list nobody can draw from are a fault of the owners; the book then stays open and the log says so.</summary>
    static Task<bool> ListsUnknownProgramme(AllocationDb db, string period, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<bool>($"""
            select exists (select from applications a, unnest(a.preferences) as listed (code)
                where a.period = {period} and not a.withdrawn
                and listed.code collate "C" not in (select p.code from programmes p where p.period = {period})) as "Value"
            """).SingleAsync(cancellationToken);

    static NpgsqlConnection Connection(AllocationDb db) => (NpgsqlConnection)db.Database.GetDbConnection();
}
