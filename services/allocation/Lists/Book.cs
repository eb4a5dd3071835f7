using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Lists;

/// <summary>A copy of a period as programmes last told it.</summary>
public sealed class KnownPeriod
{
    public required string Code { get; init; }
    public required int Version { get; init; }
    public required Period Body { get; init; }
}

/// <summary>
/// The service's own book of a period's lists: what the owners announced at the freeze, and whether it has it all. It is immutable once
/// <see cref="FrozenAt"/> is set (R17).
/// </summary>
public sealed class Book
{
    public required string Period { get; init; }
    public int? Applications { get; private set; }
    public string? ApplicationsSha256 { get; private set; }
    public int? Programmes { get; private set; }
    public string? ProgrammesSha256 { get; private set; }

    /// <summary>When the book was found to equal what was announced.</summary>
    public DateTimeOffset? FrozenAt { get; private set; }

    /// <summary>How often missing entries were asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>Entries that came after the freeze and would have changed the book; they were ignored.</summary>
    public long Late { get; private set; }

    /// <summary>SHA-256 of the list after what was struck from it; null while nothing is.</summary>
    public string? StruckSha256 { get; private set; }

    /// <summary>How many applications of the announced list are struck.</summary>
    public int Struck { get; private set; }

    public bool Announced => ApplicationsSha256 is not null && ProgrammesSha256 is not null;

    /// <summary>The list as it now stands for the draw.</summary>
    public ListDigest? List => Applications is { } announced ? new(announced - Struck, StruckSha256 ?? ApplicationsSha256!) : null;

    public void AnnounceApplications(int count, string sha256)
    {
        if (FrozenAt is null)
        {
            (Applications, ApplicationsSha256) = (count, sha256);
        }
    }

    public void AnnounceProgrammes(int count, string sha256)
    {
        if (FrozenAt is null)
        {
            (Programmes, ProgrammesSha256) = (count, sha256);
        }
    }

    public void Freeze(DateTimeOffset at) => FrozenAt ??= at;

    public void Ask() => Asked++;

    public void Strike(int struck, string sha256) => (Struck, StruckSha256) = (struck, struck == 0 ? null : sha256);

    /// <summary>Takes part in writing the period's lists; the freeze waits for those who do. To the end of the transaction.</summary>
    public static Task Share(AllocationDb db, string period, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared(hashtextextended({"book " + period}, 0))", cancellationToken);

    /// <summary>Has the period's book alone, to the end of the transaction.</summary>
    public static async Task<Book> Take(AllocationDb db, string period, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({"book " + period}, 0))", cancellationToken);
        await db.Database.ExecuteSqlAsync($"insert into books (period, asked, late, struck) values ({period}, 0, 0, 0) on conflict do nothing", cancellationToken);
        return await db.Books.SingleAsync(book => book.Period == period, cancellationToken);
    }
}

/// <summary>A programme of the catalogue, as of its highest version.</summary>
public sealed class ListedProgramme
{
    public required string Period { get; init; }
    public required string Code { get; init; }
    public required int Version { get; init; }
    public required Programme Body { get; init; }
}

/// <summary>Αίτηση, as of its highest version; a withdrawn one stays with an empty list.</summary>
public sealed class ListedApplication
{
    public required string Period { get; init; }
    public required string Ticket { get; init; }
    public required int Version { get; init; }
    public required string Cluster { get; init; }
    public required string[] Preferences { get; init; }
    public required bool Withdrawn { get; init; }

    /// <summary>The draw from which on it is off the list (R31); null for none.</summary>
    public int? Struck { get; init; }
}

/// <summary>An application that was missing or old in the book, and came when it was asked for.</summary>
public sealed class Repair
{
    public required string Period { get; init; }
    public required string Ticket { get; init; }
    public required DateTimeOffset At { get; init; }
}
