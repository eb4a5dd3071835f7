using System.Diagnostics;
using System.Diagnostics.Metrics;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Notifications.Templates;
using EPimorfosi.Notifications.Wordings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Notifications.Sending;

/// <summary>Sends what one worker has taken, and marks what became of each.</summary>
public sealed class Delivery(DueMessages due, Turns turns, NpgsqlDataSource database, IDbContextFactory<NotificationsDb> contexts, IOptions<SendingOptions> sending, IOptions<SmsOptions> sms, PublicAddress address, Links links, WordingVersions wordings, IOptions<HelpDeskOptions> desk, TimeProvider clock)
{
    static readonly Meter Meter = new("EPimorfosi.Notifications");
    static readonly Counter<long> Attempts = Meter.CreateCounter<long>("epimorfosi.messages.attempts", description: "Attempts to send a message, by kind, channel and outcome.");

    readonly SendingOptions options = sending.Value;

    /// <returns>Whether the outlet can still be used, and how many were sent.</returns>
    public async Task<(bool Usable, int Sent)> Deliver(IOutlet outlet, List<DueMessage> taken, long takenAt, CancellationToken stopping)
    {
        var catalogue = await CatalogueExtract.Read(database, contexts, taken, stopping);
        var ready = await turns.Choose(outlet.Channel, await PutAside(taken, catalogue), stopping);
        var marks = new Marks(due, options.Unmarked);
        var (next, sent, usable) = (0, 0, true);
        try
        {
            // Past this point of the lease another worker could get the same message.
            var safe = options.Lease - options.Timeout - options.Timeout;
            while (usable && next < ready.Count && !stopping.IsCancellationRequested && Stopwatch.GetElapsedTime(takenAt) < safe)
            {
                var fault = await Attempt(outlet, ready[next++], catalogue, marks, stopping);
                (usable, sent) = (fault != Fault.Connection, fault is null ? sent + 1 : sent);
            }
        }
        finally
        {
            await marks.Flush();
        }
        await due.Release([.. ready.Skip(next).Select(m => m.Id)], CancellationToken.None);
        return (usable, sent);
    }

    /// <summary>What can't be sent yet waits, visibly, for what it lacks; an SMS to nobody's mobile is over.</summary>
    async Task<List<DueMessage>> PutAside(List<DueMessage> taken, CatalogueExtract catalogue)
    {
        var now = clock.GetUtcNow();
        var quiet = taken.Select(m => (m.Id, Until: m.Kind.IsMandatory() ? null : m.Person?.Quiet?.EndsAfter(now))).Where(q => q.Until is not null).ToDictionary(q => q.Id, q => (q.Until!.Value - now).TotalSeconds);
        await due.PutBack([.. quiet.Keys], [.. quiet.Values], CancellationToken.None);
        var groups = taken.Where(m => !quiet.ContainsKey(m.Id)).ToLookup(message =>
            message.IsSpent ? MessageState.Failed
            : message.Person is null ? MessageState.WaitingForContact
            : !catalogue.HasAllOf(message) ? MessageState.WaitingForCatalogue
            : message is { Channel: Channel.Sms, Person.Mobile: null } ? MessageState.Skipped
            : message.Person.Suppressed ? MessageState.Suppressed
            : MessageState.Pending);
        foreach (var state in (MessageState[])[MessageState.WaitingForContact, MessageState.WaitingForCatalogue])
        {
            await due.MarkWaiting(Ids(state), state, options.LookAgain, CancellationToken.None);
        }
        foreach (var spent in groups[MessageState.Failed])
        {
            await due.MarkFailed(spent.Id, Address(spent), "It was sent once, and its link is not kept: its recipient asks for a new one.", CancellationToken.None);
        }
        await due.MarkOver(Ids(MessageState.Skipped), MessageState.Skipped, [.. groups[MessageState.Skipped].Select(_ => "")], CancellationToken.None);
        await due.MarkOver(Ids(MessageState.Suppressed), MessageState.Suppressed, [.. groups[MessageState.Suppressed].Select(Address)], CancellationToken.None);
        return [.. groups[MessageState.Pending]];

        Guid[] Ids(MessageState state) => [.. groups[state].Select(m => m.Id)];
    }

    /// <returns>Null when it was sent.</returns>
    async Task<Fault?> Attempt(IOutlet outlet, DueMessage message, CatalogueExtract catalogue, Marks marks, CancellationToken stopping)
    {
        var fault = default(Fault?);
        var parcel = default(Parcel);
        var providerId = default(string);
        var thrown = default(Exception);
        using (var span = Telemetry.Continue(message.Channel == Channel.Email ? "email send" : "sms send", message.Traceparent, ActivityKind.Client))
        {
            span?.SetTag("epimorfosi.message.kind", message.Kind.ToString());
            try
            {
                parcel = Letter.Write(message, catalogue, address.Root, links, desk.Value.Address);
                using var limit = new CancellationTokenSource(options.Timeout);
                using var hurry = stopping.UnsafeRegister(source => ((CancellationTokenSource)source!).CancelAfter(options.Grace), limit);
                providerId = await outlet.Send(parcel, limit.Token);
            }
            catch (Exception caught)
            {
                (thrown, fault) = (caught, outlet.Judge(caught));
                span?.SetStatus(ActivityStatusCode.Error, fault.ToString());
            }
        }
        Attempts.Add(1, new("kind", message.Kind.ToString()), new("channel", message.Channel.ToString()), new("outcome", fault?.ToString() ?? "Sent"));
        await (thrown is null ? marks.Add(Sent(message, parcel!, providerId)) : MarkFault(message, fault!.Value, thrown));
        return fault;
    }

    Task MarkFault(DueMessage message, Fault fault, Exception thrown)
    {
        var error = thrown is OperationCanceledException ? $"No answer within {options.Timeout}." : thrown.Message;
        // A dead server fails nobody's message: it waits for the server's return.
        return fault == Fault.Permanent || (fault == Fault.Temporary && message.Attempts + 1 >= options.MaxAttempts)
            ? due.MarkFailed(message.Id, Address(message), error, CancellationToken.None)
            : due.MarkRetry(message.Id, error, Backoff.After(message.Attempts + 1, options.Retry, options.LongestRetry, Random.Shared.NextDouble()), CancellationToken.None);
    }

    /// <summary>As it was sent, but for its secret: who may read messages may not take over an account.</summary>
    SentMessage Sent(DueMessage message, Parcel parcel, string? providerId)
    {
        var parts = message.Channel == Channel.Sms ? SmsParts.Of(parcel.Text).Parts : default(int?);
        return new(
            message.Id, parcel.Address, parcel.Subject,
            message.Secret is { Length: > 0 } secret ? parcel.Text.Replace(secret, "…", StringComparison.Ordinal) : parcel.Text,
            DateTimeOffset.UtcNow, providerId, parts, parts * sms.Value.PricePerPart, wordings.Of(message.Kind, parcel.Language));
    }

    static string Address(DueMessage message) => message.Person?.Address(message.Channel) ?? "";
}
