using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Recipients;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace EPimorfosi.Notifications.News;

/// <summary>
/// Whom an announcement concerns, of those who can be reached by e-mail and have not ended announcements. A teacher is of the cluster and the prefectures of their applications; a centre, and a
/// trainer, of those of their programmes; nobody else is of any. All three null: everybody.
/// </summary>
public sealed record Audience(string? Role, string? Cluster, string? Prefecture)
{
    /// <summary>Each once, in the order of their names; those after <paramref name="after"/>.</summary>
    public async Task<List<Addressee>> Some(NotificationsDb db, string after, int count, CancellationToken cancel) => await db.Database.SqlQueryRaw<Addressee>(
        Page, [.. Parameters, new NpgsqlParameter("after", after), new NpgsqlParameter("count", count)]).ToListAsync(cancel);

    public async Task<int> Count(NotificationsDb db, CancellationToken cancel) =>
        (await db.Database.SqlQueryRaw<int>(Number, Parameters).ToListAsync(cancel))[0];

    object[] Parameters => [Text("role", Role), Text("cluster", Cluster), Text("prefecture", Prefecture)];

    static NpgsqlParameter Text(string name, string? value) => new(name, NpgsqlDbType.Text) { Value = value ?? (object)DBNull.Value };

    /// <summary>Who is in the teachers' register is named by their number, whatever else they are: nobody is told twice.</summary>
    static readonly string Concerned = $"""
        with here as materialized (
            select period, code, body ->> 'centre' as centre from programmes
            where (@cluster is null or body ->> 'cluster' = @cluster) and (@prefecture is null or body ->> 'prefecture' = @prefecture)),
        teaching as materialized (select distinct unnest(t.numbers) as number from trainers t join here using (period, code)),
        concerned as (
            select c.registry_number as recipient, c.registry_number, null::uuid as account, null::text as email
            from contacts c left join preferences p using (registry_number)
            where (@role is null or @role = '{Policies.Teacher}') and c.email <> '' and p.announcements is not false
                and ((@cluster is null and @prefecture is null) or exists (
                    select from holders h join messages m on m.period = h.period and m.ticket = h.ticket and m.kind = '{nameof(MessageKind.Received)}'
                    where h.registry_number = c.registry_number and (@cluster is null or m.facts ->> 'cluster' = @cluster)
                        and (@prefecture is null or exists (select from here g where g.period = m.period and m.facts -> 'preferences' ? g.code))))
            union all
            select coalesce(c.registry_number, 'account ' || a.user_name), a.registry_number, a.id, a.email
            from accounts a left join contacts c using (registry_number)
                left join preferences p on p.registry_number = coalesce(c.registry_number, '{KnownAccount.Key(Guid.Empty)[..^36]}' || a.id)
            where coalesce(a.email, c.email, '') <> '' and p.announcements is not false
                and case when @cluster is null and @prefecture is null then (@role is null and a.roles <> array['{Policies.Teacher}']) or @role = any(a.roles)
                    else (coalesce(@role, '{Policies.Centre}') = '{Policies.Centre}' and '{Policies.Centre}' = any(a.roles) and a.centre in (select centre from here))
                        or (coalesce(@role, '{Policies.Trainer}') = '{Policies.Trainer}' and '{Policies.Trainer}' = any(a.roles) and a.registry_number in (select number from teaching)) end
                and @role is distinct from '{Policies.Teacher}')

        """;

    static readonly string Page = Concerned + "select distinct on (recipient) recipient, registry_number, account, email from concerned where recipient > @after order by recipient, account nulls first limit @count";

    static readonly string Number = Concerned + "select count(distinct recipient)::int as \"Value\" from concerned";
}

/// <param name="Recipient">The registry number of who is in the teachers' register; else the account by name.</param>
/// <param name="Account">Null for a teacher as such.</param>
/// <param name="Email">The account's own; null for the register's.</param>
public sealed record Addressee(string Recipient, string? RegistryNumber, Guid? Account, string? Email);
