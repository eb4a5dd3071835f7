using System.Text.Json;
using EPimorfosi.Notifications.Messages;
using Npgsql;

namespace EPimorfosi.Notifications.Sending;

/// <summary>Messages as a queue: taken for a time by one of any number of senders, then marked with what became of them.</summary>
public sealed class DueMessages(NpgsqlDataSource database)
{
    static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(10), LongestLook = TimeSpan.FromMinutes(10);

    public async Task<bool> Any(Channel channel, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select exists (select from messages where channel = $1 and due_at <= now())");
        command.Parameters.Add(new() { Value = channel.ToString() });
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>When a lease that begins now will end, by the database's clock and to the microsecond: what was taken with it is known by it.</summary>
    public async Task<DateTime> Lease(TimeSpan length, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select now() + $1");
        command.Parameters.Add(new() { Value = length });
        return (DateTime)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Takes what is due; taken it is pending, so that nobody wakes it meanwhile. Until the end of its <paramref name="lease"/> nobody else gets it; after that anybody, should this process have died.</summary>
    public async Task<List<DueMessage>> Take(Channel channel, int count, DateTime lease, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            with due as (
                select id from messages where channel = $1 and due_at <= now() order by due_at, id limit $2 for update skip locked),
            taken as (
                update messages m set due_at = $3, state = 'Pending' from due where m.id = due.id
                returning m.id, m.event_key, m.recipient, m.kind, m.period, m.ticket, m.registry_number, m.email, m.language, m.facts, m.traceparent, m.attempts, m.sent_at)
            select t.id, t.event_key, t.recipient, t.kind, t.period, t.facts::text, t.traceparent, t.attempts,
                coalesce(c.first_name, ''), coalesce(c.last_name, ''),
                coalesce(t.email, c.email), case when p.sms is false then null else c.mobile end, coalesce(p.language, t.language, c.language),
                c.registry_number is not null or t.email is not null or (t.registry_number is null and t.ticket is null),
                s.address is not null, p.quiet_from, p.quiet_to, c.registry_number, t.sent_at is not null
            from taken t
            left join holders h on h.period = t.period and h.ticket = t.ticket
            left join contacts c on c.registry_number = coalesce(h.registry_number, t.registry_number)
            left join preferences p on p.registry_number = c.registry_number
            left join suppressions s on $1 = 'Email' and s.address = lower(coalesce(t.email, c.email))
            order by t.id
            """);
        command.Parameters.Add(new() { Value = channel.ToString() });
        command.Parameters.Add(new() { Value = count });
        command.Parameters.Add(new() { Value = lease });
        var (taken, unreadable) = (new List<DueMessage>(count), new List<(Guid Id, int Attempts, string Why)>());
        await using (var rows = await command.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                try
                {
                    taken.Add(Read(rows, channel));
                }
                catch (Exception fault) when (fault is JsonException or ArgumentException or NotSupportedException)
                {
                    unreadable.Add((rows.GetGuid(0), rows.GetInt32(7), fault.Message));
                }
            }
        }
        foreach (var (id, attempts, why) in unreadable) // of a later version's kind, say: it waits for a replica that knows it, and keeps nobody else waiting
        {
            await MarkRetry(id, $"It cannot be read: {why}", Backoff.After(attempts + 1, FirstLook, LongestLook, Random.Shared.NextDouble()), CancellationToken.None);
        }
        return taken;
    }

    static DueMessage Read(NpgsqlDataReader rows, Channel channel)
    {
        var person = rows.GetBoolean(13)
            ? new Person(rows.GetString(8), rows.GetString(9), Text(rows, 10), Text(rows, 11), Text(rows, 12) ?? "el", rows.GetBoolean(14))
            {
                Quiet = rows.IsDBNull(15) || rows.IsDBNull(16) ? null : new(rows.GetFieldValue<TimeOnly>(15), rows.GetFieldValue<TimeOnly>(16)),
                RegistryNumber = Text(rows, 17),
            }
            : null;
        return new(
            rows.GetGuid(0), rows.GetString(1), rows.GetString(2), channel, Enum.Parse<MessageKind>(rows.GetString(3)), Text(rows, 4),
            rows.GetString(5), Text(rows, 6), rows.GetInt32(7), person, rows.GetBoolean(18));
    }

    /// <summary>A secret that was sent is not kept: the link of an invitation, or to a new password, goes from the row with the mark.</summary>
    public Task MarkSent(IReadOnlyList<SentMessage> sent, CancellationToken cancel) => Run("""
        update messages m set state = 'Sent', due_at = null, sent_at = s.sent_at, attempts = m.attempts + 1, error = null,
            address = s.address, subject = s.subject, body = s.body, wording = nullif(s.wording, 0), provider_id = nullif(s.provider_id, ''), parts = nullif(s.parts, 0), cost = case when s.parts > 0 then s.cost end,
            facts = case when m.kind in ('Invitation', 'PasswordForgotten') then m.facts - 'link' when m.kind like 'Question%' then m.facts - 'secret' else m.facts end
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as s(id, sent_at, address, subject, body, provider_id, parts, cost, wording)
        where m.id = s.id
        """, cancel,
        sent.Select(s => s.Id).ToArray(), sent.Select(s => s.SentAt.ToUniversalTime()).ToArray(), sent.Select(s => s.Address).ToArray(),
        sent.Select(s => s.Subject).ToArray(), sent.Select(s => s.Body).ToArray(), sent.Select(s => s.ProviderId ?? "").ToArray(), sent.Select(s => s.Parts ?? 0).ToArray(), sent.Select(s => s.Cost ?? 0).ToArray(), sent.Select(s => s.Wording).ToArray());

    public Task MarkRetry(Guid id, string error, TimeSpan after, CancellationToken cancel) => Run(
        "update messages set state = 'Pending', attempts = attempts + 1, error = $2, due_at = now() + $3 where id = $1", cancel, id, error, after);

    /// <summary>With the address: once it is corrected, the message goes out again.</summary>
    public Task MarkFailed(Guid id, string address, string error, CancellationToken cancel) => Run(
        "update messages set state = 'Failed', attempts = attempts + 1, error = $3, address = $2, due_at = null where id = $1", cancel, id, address, error);

    /// <summary>Over without being sent.</summary>
    public Task MarkOver(Guid[] ids, MessageState state, string[] addresses, CancellationToken cancel) => Run("""
        update messages m set state = $2, due_at = null, address = nullif(o.address, '') from unnest($1, $3) as o(id, address) where m.id = o.id
        """, cancel, ids, state.ToString(), addresses);

    /// <summary>Gives back what has to wait for its turn, each for so many seconds.</summary>
    public Task PutBack(Guid[] ids, double[] after, CancellationToken cancel) => Run(
        "update messages m set due_at = now() + w.after * interval '1 second' from unnest($1, $2) as w(id, after) where m.id = w.id", cancel, ids, after);

    /// <summary>It looks again after as long as it has waited; and it is woken, unless what it waits for arrives at this very moment.</summary>
    public Task MarkWaiting(Guid[] ids, MessageState state, TimeSpan longest, CancellationToken cancel) => Run("""
        update messages set state = $2, due_at = now() + least($3, greatest(interval '1 second', now() - created_at)) where id = any($1)
        """, cancel, ids, state.ToString(), longest);

    /// <summary>Gives back what was taken and not tried.</summary>
    public Task Release(Guid[] ids, CancellationToken cancel) => Run("update messages set due_at = now() where id = any($1)", cancel, ids);

    /// <summary>Gives back all that was taken with this lease and is not marked since, also when the answer to <see cref="Take"/> was lost.</summary>
    public Task Release(Channel channel, DateTime lease, CancellationToken cancel) =>
        Run("update messages set due_at = now() where channel = $1 and due_at = $2", cancel, channel.ToString(), lease);

    async Task Run(string sql, CancellationToken cancel, params object[] values)
    {
        if (values[0] is Array { Length: 0 })
        {
            return;
        }
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync(cancel);
    }

    static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}

/// <summary>A message as it was sent.</summary>
public record SentMessage(
    Guid Id, string Address, string Subject, string Body, DateTimeOffset SentAt, string? ProviderId, int? Parts, decimal? Cost, int Wording);
