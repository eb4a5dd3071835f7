using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Draws;

/// <summary>A draw as the public sees it. What would tell the outcome, the randomness and the seed, appears with the results.</summary>
/// <param name="Applications">Collecting: as many as have come; then those of the frozen list.</param>
/// <param name="CommitFrom">The end of the objection window (R18).</param>
public sealed record Status(
    string Period, int Number, DrawState State, int Applications, int Programmes, string? ApplicationsSha256, string? ProgrammesSha256,
    string? Source, string? Randomness, string? Seed, string Algorithm,
    DateTimeOffset? FrozenAt, DateTimeOffset? CommitFrom, DateTimeOffset? CommittedAt, DateTimeOffset? DrawnAt, DateTimeOffset? PublishedAt,
    IReadOnlyList<CustodianStatus> Custodians, BookStatus Book)
{
    const int Listed = 1000;

    public static async Task<Status> Of(AllocationDb db, Turn turn, CancellationToken cancellationToken)
    {
        var (period, book, draw) = (turn.Period.Code, turn.Book, turn.Draw);
        var isPublic = draw?.State == DrawState.Published;
        var repaired = await db.Repairs.Where(repair => repair.Period == period).OrderBy(repair => repair.Ticket).Select(repair => repair.Ticket).Take(Listed).ToListAsync(cancellationToken);
        return new(
            period, draw?.Number ?? 1, turn.State,
            draw?.Applications ?? await db.Applications.CountAsync(application => application.Period == period && !application.Withdrawn, cancellationToken),
            draw?.Programmes ?? await db.Programmes.CountAsync(programme => programme.Period == period, cancellationToken),
            book.ApplicationsSha256, book.ProgrammesSha256,
            draw?.Source, isPublic ? draw!.Randomness : null, isPublic ? draw!.Seed : null, Draws.Draw.Algorithm,
            book.FrozenAt, turn.CommitFrom, draw?.CommittedAt, draw?.DrawnAt, draw?.PublishedAt,
            [.. turn.Custodians.Select(custodian => new CustodianStatus(custodian.Name, custodian.Commitment, custodian.Reveal is not null, isPublic ? custodian.Reveal : null))],
            new(book.Applications, book.Programmes, book.Asked, book.Late, await db.Repairs.CountAsync(repair => repair.Period == period, cancellationToken), repaired));
    }
}

/// <param name="Revealed">Whether the reveal was given; what it is appears with the results.</param>
public sealed record CustodianStatus(string Name, string Commitment, bool Revealed, string? Reveal);

/// <summary>How the book came to equal the announced lists.</summary>
/// <param name="Asked">How often missing entries were asked for.</param>
/// <param name="Late">Entries that came after the freeze and were ignored.</param>
/// <param name="Repaired">How many applications came only when asked for; <paramref name="RepairedTickets"/> lists the first 1,000.</param>
public sealed record BookStatus(int? AnnouncedApplications, int? AnnouncedProgrammes, int Asked, long Late, int Repaired, IReadOnlyList<string> RepairedTickets);
