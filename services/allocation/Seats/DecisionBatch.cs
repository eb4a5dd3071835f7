using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;
using NpgsqlTypes;

namespace EPimorfosi.Allocation.Seats;

/// <summary>
/// Decides the run of requests that follow each other without a gap, in one transaction: seats, log, what others are told. The row of
/// <see cref="SeatHead"/>, locked and compared, is what keeps a second decider out; the book in memory is only as good as the hash it was left at.
/// </summary>
public sealed class DecisionBatch(NpgsqlDataSource source, PublishedLines published)
{
    const int Size = 2000, MessageSize = 500;
    readonly Dictionary<string, (string Hash, SeatBook Book, Policy Policy)> books = [];

    /// <summary>How many requests were decided; 0 if the next one is not there yet.</summary>
    public async Task<int> Decide(string period, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await SeatRows.LockHead(connection, period, cancellationToken) is not { } head)
        {
            return 0;
        }
        var requests = await SeatRows.NextRequests(connection, head, Size, cancellationToken);
        if (requests.Count == 0)
        {
            return 0;
        }
        // Whatever stops this batch leaves no half-changed book behind.
        var (book, policy) = books.Remove(period, out var kept) && kept.Hash == head.Hash
            ? (kept.Book, kept.Policy)
            : await SeatRows.Load(connection, published, head, cancellationToken);
        var events = new List<SeatEvent>();
        if (requests[0].Kind == SeatRequestKind.Rescue)
        {
            if (!book.IsOver)
            {
                book.Rescue(await RescueRows.Read(connection, head, cancellationToken), events);
                await RescueRows.Store(connection, period, book, now, cancellationToken);
            }
        }
        else
        {
            requests.ForEach(request => book.Decide(request, events));
        }
        var (lines, hash) = Chain(head, events, now, now.AddHours(policy.OfferHours));
        await SeatRows.Store(connection, period, book, lines, cancellationToken);
        await SeatRows.MoveHead(connection, period, requests[^1].Order + 1, head.Lines + lines.Count, hash, cancellationToken);
        foreach (var told in lines.Chunk(MessageSize))
        {
            await Tell(connection, new(period, [.. told.Select(line =>
                new SeatDecision(line.Number, line.Order, line.Sequence, line.Ticket, line.Event, line.Programme, line.Rule, line.DecidedAt, line.ExpiresAt))]), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        books[period] = (hash, book, policy);
        return requests.Count;
    }

    static (List<SeatLine> Lines, string Hash) Chain(SeatHead head, List<SeatEvent> events, DateTimeOffset now, DateTimeOffset expires)
    {
        var (number, hash) = (head.Lines, head.Hash);
        var lines = new List<SeatLine>(events.Count);
        foreach (var e in events)
        {
            hash = SeatLog.Hash(hash, SeatLog.Body(++number, e));
            lines.Add(new()
            {
                Period = head.Period,
                Number = number,
                Order = e.Order,
                Sequence = e.Sequence,
                Ticket = e.Ticket,
                Event = e.Event,
                Programme = e.Programme,
                Preferences = [.. e.Preferences],
                Rule = e.Rule,
                Hash = hash,
                DecidedAt = now,
                ExpiresAt = e.Event == SeatEvents.Offered ? expires : null,
            });
        }
        return (lines, hash);
    }

    static async Task Tell(NpgsqlConnection connection, SeatsDecided message, CancellationToken cancellationToken)
    {
        var row = Outbox.Row(message);
        await using var command = new NpgsqlCommand($"insert into outbox ({Outbox.Columns}) values ($1, $2, $3, $4, $5)", connection)
        {
            Parameters =
            {
                new() { Value = row.Id }, new() { Value = row.Type }, new() { Value = row.Body, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = (object?)row.Traceparent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = row.CreatedAt },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
