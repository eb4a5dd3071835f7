using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace EPimorfosi.Defaults;

/// <summary>What this service's outbox still holds.</summary>
/// <param name="Waiting">Messages to be sent; a thousand and one stands for more.</param>
/// <param name="OldestAt">When the oldest of them was written.</param>
/// <param name="SetAside">Messages that can never be sent.</param>
public sealed record Backlog(long Waiting, DateTimeOffset? OldestAt, long SetAside)
{
    internal static async Task<Backlog> Read(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var select = source.CreateCommand("""
            select (select count(*) from (select from outbox where fault is null limit 1001) as head),
                   (select created_at from outbox where fault is null order by id limit 1), (select count(*) from outbox where fault is not null)
            """);
        await using var row = await select.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2));
    }
}

static class BacklogEndpoint
{
    internal static void MapBacklog(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/system/backlog", async (NpgsqlDataSource source, CancellationToken cancellationToken) => TypedResults.Ok(await Backlog.Read(source, cancellationToken)))
            .WithTags("System").RequireAuthorization(Policies.OfficeOrAuditor);
}
