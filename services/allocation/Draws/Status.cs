using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The current draw as the public sees it. What would tell the outcome, the randomness and the seed, appears with the results.</summary>
/// <param name="Applications">Collecting: as many as have come; then those of the frozen list, without the struck ones.</param>
/// <param name="AnnouncedApplications">Those of the list as it was frozen; <paramref name="AnnouncedSha256"/> its digest.</param>
/// <param name="Struck">How many of them the office struck (R31); <c>struck.txt</c> has their lines.</param>
/// <param name="Reason">Why there is a draw after the first (R17).</param>
/// <param name="RoundAt">When drand's round is made.</param>
/// <param name="CommitFrom">The end of the objection window (R18).</param>
/// <param name="Draws">All draws of the period, side by side.</param>
public sealed record Status(
    string Period, int Number, DrawState State, int Applications, int Programmes, string? ApplicationsSha256, string? ProgrammesSha256,
    int? AnnouncedApplications, string? AnnouncedSha256, int Struck,
    string? Source, string? Randomness, string? Seed, string Algorithm, string? Reason, long? Round, DateTimeOffset? RoundAt,
    DateTimeOffset? FrozenAt, DateTimeOffset? CommitFrom, DateTimeOffset? CommittedAt, DateTimeOffset? DrawnAt, DateTimeOffset? PublishedAt,
    IReadOnlyList<CustodianStatus> Custodians, BookStatus Book, IReadOnlyList<DrawSummary> Draws)
{
    const int Listed = 1000;

    public static async Task<Status> Of(AllocationDb db, Drand drand, Turn turn, CancellationToken cancellationToken)
    {
        var (period, book, draw) = (turn.Period.Code, turn.Book, turn.Draw);
        var isPublic = draw?.State == DrawState.Published;
        var list = draw is null ? book.List : new(draw.Applications, draw.ApplicationsSha256);
        var repaired = await db.Repairs.Where(repair => repair.Period == period).OrderBy(repair => repair.Ticket).Select(repair => repair.Ticket).Take(Listed).ToListAsync(cancellationToken);
        return new(
            period, turn.Number, turn.State,
            list?.Count ?? await db.Applications.CountAsync(application => application.Period == period && !application.Withdrawn, cancellationToken),
            draw?.Programmes ?? await db.Programmes.CountAsync(programme => programme.Period == period, cancellationToken),
            list?.Sha256, book.ProgrammesSha256, book.Applications, book.ApplicationsSha256, book.Struck,
            draw?.Source, isPublic ? draw!.Randomness : null, isPublic ? draw!.Seed : null, Allocation.Draws.Draw.Algorithm,
            turn.Repetitions is [.., var call] ? call.Reason : null, draw?.Round, draw?.Round is { } round ? drand.TimeOf(round) : null,
            book.FrozenAt, turn.CommitFrom, draw?.CommittedAt, draw?.DrawnAt, draw?.PublishedAt,
            CustodianStatus.Of(turn, turn.Number),
            new(book.Applications, book.Programmes, book.Asked, book.Late, await db.Repairs.CountAsync(repair => repair.Period == period, cancellationToken), repaired),
            [.. Enumerable.Range(1, turn.Number).Select(number => DrawSummary.Of(turn, number))]);
    }
}

/// <param name="Revealed">Whether the reveal was given; what it is appears with the results.</param>
public sealed record CustodianStatus(string Name, string Commitment, DateTimeOffset CommittedAt, bool Revealed, string? Reveal)
{
    internal static IReadOnlyList<CustodianStatus> Of(Turn turn, int draw)
    {
        var isPublic = draw < turn.Number || turn.State == DrawState.Published;
        return [.. turn.CustodiansOf(draw).Select(c => new CustodianStatus(c.Name, c.Commitment, c.CommittedAt, c.Reveal is not null, isPublic ? c.Reveal : null))];
    }
}

/// <summary>How the book came to equal the announced lists.</summary>
/// <param name="Asked">How often missing entries were asked for.</param>
/// <param name="Late">Entries that came after the freeze and were ignored.</param>
/// <param name="Repaired">How many applications came only when asked for; <paramref name="RepairedTickets"/> lists the first 1,000.</param>
public sealed record BookStatus(int? AnnouncedApplications, int? AnnouncedProgrammes, int Asked, long Late, int Repaired, IReadOnlyList<string> RepairedTickets);

/// <summary>One of a period's draws. Its files are read with <c>?draw={number}</c>.</summary>
/// <param name="Reason">Why it was called for; null for the first.</param>
/// <param name="Custodians">Their reveals are public with the results, or once another draw is called for.</param>
public sealed record DrawSummary(
    int Number, DrawState State, string? Reason, string? CalledBy, DateTimeOffset? CalledAt, string? Source, string? ApplicationsSha256, int? Applications,
    DateTimeOffset? CommittedAt, string? CommittedBy, DateTimeOffset? DrawnAt, string? DrawnBy, DateTimeOffset? PublishedAt, string? PublishedBy,
    IReadOnlyList<CustodianStatus> Custodians)
{
    internal static DrawSummary Of(Turn turn, int number)
    {
        var draw = turn.Draws.SingleOrDefault(draw => draw.Number == number);
        var call = turn.Repetitions.SingleOrDefault(repetition => repetition.Draw == number);
        return new(number, draw?.State ?? turn.State, call?.Reason, call?.By, call?.At, draw?.Source, draw?.ApplicationsSha256, draw?.Applications,
            draw?.CommittedAt, draw?.CommittedBy, draw?.DrawnAt, draw?.DrawnBy, draw?.PublishedAt, draw?.PublishedBy,
            CustodianStatus.Of(turn, number));
    }
}
