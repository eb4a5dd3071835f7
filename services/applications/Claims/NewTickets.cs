using EPimorfosi.Contracts.Applications;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>R14, R21 (iii): a new applicant gets a ticket too, once, in the transaction of the first claim.</summary>
static class NewTickets
{
    /// <returns>The requests, each with its ticket: the one just given, or one that another claim of the same teacher was given meanwhile.</returns>
    public static async Task<List<NewRequest>> Give(NpgsqlConnection connection, string period, List<NewRequest> requests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string[] newcomers = [.. requests.Where(request => request.Ticket is null).Select(request => request.RegistryNumber).Distinct().Order(StringComparer.Ordinal)]; // one order, no deadlock
        var given = await connection.Rows("""
            insert into applications (period, registry_number, ticket, version, cluster, preferences, withdrawn, received_at, digest)
            select $1, number, ticket, 0, '', '{}', false, $4, '' from unnest($2::text[], $3::text[]) as new (number, ticket)
            on conflict (period, registry_number) do nothing returning ticket, registry_number
            """, row => new TicketHolder(row.GetString(0), row.GetString(1)), cancellationToken, period, newcomers, Array.ConvertAll(newcomers, _ => Ticket.New()), now);
        if (given.Count > 0)
        {
            await connection.Publish([new TicketsIssued(period, given)], cancellationToken);
        }
        var tickets = given.ToDictionary(holder => holder.RegistryNumber, holder => holder.Ticket);
        if (given.Count < newcomers.Length)
        {
            var known = await connection.Rows("select registry_number, ticket from applications where period = $1 and registry_number = any($2)",
                row => (Number: row.GetString(0), Ticket: row.GetString(1)), cancellationToken, period, newcomers);
            known.ForEach(one => tickets[one.Number] = one.Ticket);
        }
        return [.. requests.Select(request => request.Ticket is null ? request with { Ticket = tickets[request.RegistryNumber] } : request)];
    }
}
