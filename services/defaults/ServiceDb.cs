using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Defaults;

/// <summary>A service's database with its outbox and inbox.</summary>
public abstract class ServiceDb(DbContextOptions options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox");
            outbox.Property(message => message.Body).HasColumnType("jsonb");
        });
        modelBuilder.Entity<InboxMessage>(inbox =>
        {
            inbox.ToTable("inbox");
            // A message is taken in once by each endpoint, however often it is delivered.
            inbox.HasKey(message => new { message.MessageId, message.Endpoint });
            inbox.HasIndex(message => message.ReceivedAt); // for the purge
        });
    }

    /// <summary>Sends a message of the contracts if, and only if, this context's changes are committed.</summary>
    public void Publish(object message) => Set<OutboxMessage>().Add(Outbox.Row(message));
}

/// <summary>A message to be sent, written in the transaction of the change it tells of.</summary>
public sealed class OutboxMessage
{
    public required Guid Id { get; init; }
    public required string Type { get; init; }
    public required string Body { get; init; }
    public string? Traceparent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why the row can never be sent; such a row is kept for the operator and holds nobody up.</summary>
    public string? Fault { get; init; }
}

/// <summary>A message taken in by an endpoint.</summary>
public sealed class InboxMessage
{
    public required Guid MessageId { get; init; }
    public required string Endpoint { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}
