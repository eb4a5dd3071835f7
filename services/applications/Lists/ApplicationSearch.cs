using System.Runtime.CompilerServices;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Applications;

/// <summary>A period's applications as the office finds them: by the teacher, the ticket, a programme, the cluster, or how they stand.</summary>
static class ApplicationSearch
{
    static readonly string[] Columns = ["period", "ticket", "registry_number", "last_name", "first_name", "cluster", "version", "state", "received_at", "preferences", "seat"];

    public static void MapApplicationSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/applications", Search).WithTags("Applications").RequireAuthorization(Policies.Office);
        routes.MapGet("/api/applications/export.csv", Export).WithTags("Applications").RequireAuthorization(Policies.Office);
    }

    static async Task<Paged<FoundApplication>> Search(ApplicationsDb db, [AsParameters] ApplicationFilter filter, CancellationToken cancellationToken)
    {
        var (page, pageSize) = (Math.Max(filter.Page ?? 1, 1), Math.Clamp(filter.PageSize ?? 50, 1, 500));
        var found = Matching(db, filter);
        var total = await found.LongCountAsync(cancellationToken);
        var items = await found.Skip((int)Math.Min((page - 1L) * pageSize, int.MaxValue)).Take(pageSize).ToListAsync(cancellationToken);
        return new(items, page, pageSize, total);
    }

    static IQueryable<FoundApplication> Matching(ApplicationsDb db, ApplicationFilter filter)
    {
        var applications = db.Applications.AsNoTracking().Where(row => row.Period == filter.Period);
        applications = Given(filter.Cluster) is { } cluster ? applications.Where(row => row.Cluster == cluster) : applications;
        applications = Given(filter.Programme) is { } programme ? applications.Where(row => row.Preferences.Contains(programme)) : applications;
        applications = filter.State switch
        {
            "standing" => applications.Where(row => row.Version > 0 && !row.Withdrawn),
            "withdrawn" => applications.Where(row => row.Withdrawn),
            "none" => applications.Where(row => row.Version == 0),
            _ => applications,
        };
        // A ticket is looked for whole: half of one is nobody's.
        var ticket = (filter.Q ?? "").Trim().ToUpperInvariant();
        var known = db.Teachers.AsNoTracking();
        var numbers = known.Holding(filter.Q).Select(teacher => teacher.RegistryNumber);
        applications = ticket.Length == 0 ? applications : applications.Where(row => row.Ticket == ticket || numbers.Contains(row.RegistryNumber));
        return from row in applications
               join teacher in known on row.RegistryNumber equals teacher.RegistryNumber
               join standing in db.Standings on new { row.Period, row.Ticket } equals new { standing.Period, standing.Ticket } into standings
               from standing in standings.DefaultIfEmpty()
               orderby teacher.LastName, teacher.FirstName, row.RegistryNumber
               select new FoundApplication(
                   row.Period, row.Ticket, row.RegistryNumber, teacher.LastName, teacher.FirstName, row.Cluster, row.Version, row.Withdrawn, row.ReceivedAt, row.Preferences, standing.Seat);
    }

    static Microsoft.AspNetCore.Http.HttpResults.PushStreamHttpResult Export(ApplicationsDb db, [AsParameters] ApplicationFilter filter, CancellationToken cancellationToken)
    {
        async IAsyncEnumerable<string?[]> Rows([EnumeratorCancellation] CancellationToken stop = default)
        {
            await foreach (var row in Matching(db, filter).AsAsyncEnumerable().WithCancellation(stop))
            {
                yield return
                [
                    row.Period, row.Ticket, row.RegistryNumber, row.LastName, row.FirstName, row.Cluster, row.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), row.State,
                    row.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), string.Join('|', row.Preferences), row.Seat,
                ];
            }
        }
        return TypedResults.Stream(body => CsvTable.Write(body, Columns, Rows(cancellationToken), cancellationToken), "text/csv; charset=utf-8", $"applications-{filter.Period}.csv");
    }

    static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <param name="Q">Words of name, number or address, or a whole ticket.</param>
/// <param name="State"><c>standing</c>, <c>withdrawn</c>, <c>none</c> (a ticket of phase B only); else all.</param>
public sealed record ApplicationFilter(string Period, string? Q, string? Cluster, string? Programme, string? State, int? Page, int? PageSize);

/// <param name="Seat">The programme held now; null for none.</param>
public sealed record FoundApplication(
    string Period, string Ticket, string RegistryNumber, string LastName, string FirstName, string Cluster, int Version, bool Withdrawn, DateTimeOffset ReceivedAt,
    IReadOnlyList<string> Preferences, string? Seat)
{
    public string State => Version == 0 ? "none" : Withdrawn ? "withdrawn" : "standing";
}
