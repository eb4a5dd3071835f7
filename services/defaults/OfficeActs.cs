using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Defaults;

/// <summary>What somebody of the office did (R31): who, what, when, to what and why. Written in the transaction of the act, and never changed.</summary>
public sealed class OfficeAct
{
    /// <summary>By time: newer acts have greater ids, in every service.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required DateTimeOffset At { get; init; }

    /// <summary>The account's id, and its name.</summary>
    public required string Account { get; init; }
    public required string Person { get; init; }

    /// <summary>Such as <c>period.changed</c>.</summary>
    public required string Act { get; init; }
    public string? Period { get; init; }

    /// <summary>What it was done to: a registry number, a ticket, a programme, a queue.</summary>
    public string? Subject { get; init; }
    public string? Reason { get; init; }

    /// <summary>What exactly, such as each field before and after.</summary>
    public string? Detail { get; init; }

    /// <summary>Folded text that is searched.</summary>
    public string Search { get; init; } = "";

    public static OfficeAct By(ClaimsPrincipal user, DateTimeOffset at, string act, string? period = null, string? subject = null, string? reason = null, string? detail = null) => new()
    {
        At = at,
        Account = user.Subject(),
        Person = user.DisplayName(),
        Act = act,
        Period = period,
        Subject = subject,
        Reason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
        Detail = detail,
        Search = SearchText.Fold(user.DisplayName(), act, period, subject, reason, detail),
    };
}

/// <summary>The record of the office's acts in a service's own database, and how it is searched.</summary>
public static class OfficeActs
{
    const string Columns = "id, at, account, person, act, period, subject, reason, detail, search";

    /// <summary>Makes the table part of a service's database.</summary>
    public static void HasOfficeActs(this ModelBuilder model) => model.Entity<OfficeAct>(act =>
    {
        act.ToTable("office_acts");
        act.HasIndex(row => new { row.Period, row.Id }); // the acts of a period, the newest first
    });

    /// <summary>Records an act if, and only if, this context's changes are committed.</summary>
    public static void Record(this DbContext db, OfficeAct act) => db.Set<OfficeAct>().Add(act);

    /// <summary>The same in the transaction of a connection.</summary>
    public static async Task Record(this NpgsqlConnection connection, OfficeAct act, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand($"insert into office_acts ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", connection);
        foreach (var value in new object?[] { act.Id, act.At, act.Account, act.Person, act.Act, act.Period, act.Subject, act.Reason, act.Detail, act.Search })
        {
            insert.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary><c>GET /api/audit</c>: the acts recorded here; the gateway puts those of all services together.</summary>
    public static void MapOfficeActs(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/audit", async ([AsParameters] ActFilter filter, NpgsqlDataSource source, CancellationToken cancellationToken) => TypedResults.Ok(await Find(source, filter, cancellationToken)))
            .WithTags("Audit").RequireAuthorization(Policies.OfficeOrAuditor);

    /// <summary>The newest first.</summary>
    public static async Task<IReadOnlyList<ActView>> Find(NpgsqlDataSource source, ActFilter filter, CancellationToken cancellationToken)
    {
        await using var select = source.CreateCommand("""
            select id, at, person, act, period, subject, reason, detail from office_acts
            where search like all ($1::text[]) and ($2::text is null or period = $2) and ($3::text is null or act = $3) and ($4::text is null or person = $4)
              and ($5::timestamptz is null or at >= $5) and ($6::timestamptz is null or at < $6) and ($7::uuid is null or id < $7)
            order by id desc limit $8
            """);
        foreach (var value in new object?[]
        {
            SearchText.Patterns(filter.Q), Given(filter.Period), Given(filter.Act), Given(filter.Person), filter.From?.ToUniversalTime(), filter.Until?.ToUniversalTime(), filter.Before,
            Math.Clamp(filter.PageSize ?? 50, 1, 1000),
        })
        {
            select.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
        var acts = new List<ActView>();
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            acts.Add(new(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), Text(4), Text(5), Text(6), Text(7)));
        }
        return acts;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>Which acts.</summary>
/// <param name="Q">Words of person, act, period, subject, reason or detail; accents and case don't matter.</param>
/// <param name="Until">Exclusive.</param>
/// <param name="Before">The id of the last one seen.</param>
public sealed record ActFilter(string? Q, string? Period, string? Act, string? Person, DateTimeOffset? From, DateTimeOffset? Until, Guid? Before, int? PageSize);

/// <summary>An act as it is read. The account's internal id stays inside.</summary>
public sealed record ActView(Guid Id, DateTimeOffset At, string Person, string Act, string? Period, string? Subject, string? Reason, string? Detail);
