using EPimorfosi.Contracts.Programmes;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>Where runners-up stand now in the lines for freed seats (R25). Nobody ever comes in ahead of anybody, so a position can only improve.</summary>
public sealed class LinePositions(AllocationDb db, PublishedLines published)
{
    /// <summary>By programme the ticket's position in line, from 1; absent where it is not, or no longer, in line.</summary>
    public async Task<Dictionary<string, int>> Of(string period, int draw, string ticket, IReadOnlyList<string> programmes, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var policy = await db.Periods.Where(known => known.Code == period).Select(known => known.Body).SingleAsync(cancellationToken) is { Policy: var given } ? given : new Policy();
        var lines = await published.Of(connection, period, draw, policy.Upgrade, cancellationToken);
        var ahead = new Dictionary<string, List<string>>();
        foreach (var programme in programmes)
        {
            List<string> before = [.. lines.Of(programme).TakeWhile(other => other != ticket)];
            if (before.Count < lines.Of(programme).Count)
            {
                ahead[programme] = before;
            }
        }
        string[] concerned = [.. ahead.Values.SelectMany(before => before).Append(ticket).Distinct()], codes = [.. ahead.Keys];
        var ended = (await db.Database.SqlQueryRaw<string>(
            $"select distinct ticket as \"Value\" from seat_log where period = {{0}} and ticket = any({{1}}) and {SeatEvents.EndsRanks}", period, concerned).ToListAsync(cancellationToken)).ToHashSet();
        var had = (await db.Offers.AsNoTracking().Where(offer => offer.Period == period && codes.Contains(offer.Programme)).Select(offer => new { offer.Programme, offer.Ticket })
            .ToListAsync(cancellationToken)).Select(offer => (offer.Programme, offer.Ticket)).ToHashSet();
        return ahead.Where(line => !Out(line.Key, ticket)).ToDictionary(line => line.Key, line => 1 + line.Value.Count(other => !Out(line.Key, other)));

        bool Out(string programme, string other) => ended.Contains(other) || had.Contains((programme, other));
    }
}
