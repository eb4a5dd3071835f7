using System.Text.Json;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Sending;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.Messages;

/// <summary>A message to somebody, before it is known how they are reached.</summary>
/// <param name="EventKey">The same for a repeat of the same event, and for no other.</param>
/// <param name="Facts">The part of the event that is about this recipient.</param>
public record NewMessage(string EventKey, string Recipient, MessageKind Kind, object Facts)
{
    public string? Period { get; init; }
    public string? Ticket { get; init; }
    public string? RegistryNumber { get; init; }
    public string? Email { get; init; }
    public string? Language { get; init; }

    public static NewMessage ToHolder(string period, string ticket, string eventKey, MessageKind kind, object facts) =>
        new(eventKey, ticket, kind, facts) { Period = period, Ticket = ticket };
}

/// <summary>Stores messages before anything is sent: one statement for a whole event, in the consumer's transaction.</summary>
public class MessageIntake(NotificationsDb db, IOptions<SmsOptions> sms)
{
    public async Task Store(IReadOnlyCollection<NewMessage> messages, CancellationToken cancel)
    {
        var rows = messages.SelectMany(m => Channels(m).Select(channel => (Message: m, Channel: channel))).ToList();
        // Sorted, so that two events about the same people never wait for each other crosswise.
        await db.Database.ExecuteSqlAsync($"""
            insert into messages (id, event_key, recipient, channel, kind, period, ticket, registry_number, email, language, facts, traceparent, state, created_at, due_at, attempts)
            select n.id, n.event_key, n.recipient, n.channel, n.kind, nullif(n.period, ''), nullif(n.ticket, ''), nullif(n.registry_number, ''), nullif(n.email, ''), nullif(n.language, ''),
                n.facts::jsonb, nullif({Telemetry.Traceparent ?? ""}, ''), 'Pending', now(), now(), 0
            from unnest({Column(r => Guid.CreateVersion7())}, {Column(r => r.Message.EventKey)}, {Column(r => r.Message.Recipient)},
                {Column(r => r.Channel.ToString())}, {Column(r => r.Message.Kind.ToString())}, {Column(r => r.Message.Period ?? "")},
                {Column(r => r.Message.Ticket ?? "")}, {Column(r => r.Message.RegistryNumber ?? "")}, {Column(r => r.Message.Email ?? "")}, {Column(r => r.Message.Language ?? "")},
                {Column(r => JsonSerializer.Serialize(r.Message.Facts, Outbox.Json))})
                as n(id, event_key, recipient, channel, kind, period, ticket, registry_number, email, language, facts)
            order by n.event_key, n.recipient, n.channel
            on conflict (event_key, recipient, channel) do nothing
            """, cancel);

        T[] Column<T>(Func<(NewMessage Message, Channel Channel), T> value) => [.. rows.Select(value)];
    }

    /// <summary>An SMS as well where a provider is configured.</summary>
    Channel[] Channels(NewMessage message) =>
        sms.Value.Url is null || message.Kind.IsMailOnly() ? [Channel.Email] : [Channel.Email, Channel.Sms];
}
