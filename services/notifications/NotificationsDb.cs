using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Catalogue;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Notifications.Sending;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications;

/// <summary>Messages, and this service's own copy of what they need: contacts, ticket holders, periods and programmes.</summary>
public class NotificationsDb(DbContextOptions<NotificationsDb> options) : ServiceDb(options)
{
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<KnownContact> Contacts => Set<KnownContact>();
    public DbSet<KnownHolder> Holders => Set<KnownHolder>();
    public DbSet<KnownPeriod> Periods => Set<KnownPeriod>();
    public DbSet<KnownProgramme> Programmes => Set<KnownProgramme>();
    public DbSet<PublishedDraw> Draws => Set<PublishedDraw>();
    public DbSet<Suppression> Suppressions => Set<Suppression>();
    public DbSet<Rate> Rates => Set<Rate>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Message>(message =>
        {
            message.ToTable("messages");
            message.Property(m => m.Channel).HasConversion<string>();
            message.Property(m => m.Kind).HasConversion<string>();
            message.Property(m => m.State).HasConversion<string>();
            message.Property(m => m.Facts).HasColumnType("jsonb");
            // However often an event arrives, everybody is told once (R29).
            message.HasIndex(m => new { m.EventKey, m.Recipient, m.Channel }).IsUnique();
            // What a sender looks for: only messages with something left to do have a due time.
            message.HasIndex(m => new { m.Channel, m.DueAt }).HasFilter("due_at is not null");
            // The office's page: the newest of a state first.
            message.HasIndex(m => new { m.State, m.Id });
            // Woken when the holder of a ticket becomes known; also the office's search by ticket.
            message.HasIndex(m => m.Ticket);
            // What is about a person and names no ticket.
            message.HasIndex(m => m.RegistryNumber).HasFilter("registry_number is not null");
            // A delivery report names it so.
            message.HasIndex(m => m.ProviderId).HasFilter("provider_id is not null");
        });
        modelBuilder.Entity<KnownContact>(contact => contact.ToTable("contacts").HasKey(c => c.RegistryNumber));
        modelBuilder.Entity<KnownHolder>(holder =>
        {
            holder.ToTable("holders").HasKey(h => new { h.Period, h.Ticket });
            // Woken when a contact becomes known.
            holder.HasIndex(h => h.RegistryNumber);
        });
        modelBuilder.Entity<KnownPeriod>(period =>
        {
            period.ToTable("periods").HasKey(p => p.Code);
            period.Property(p => p.Body).HasColumnType("jsonb");
        });
        modelBuilder.Entity<KnownProgramme>(programme =>
        {
            programme.ToTable("programmes").HasKey(p => new { p.Period, p.Code });
            programme.Property(p => p.Body).HasColumnType("jsonb");
        });
        modelBuilder.Entity<Suppression>(suppression => suppression.ToTable("suppressions").HasKey(s => s.Address));
        modelBuilder.Entity<Rate>(rate => rate.ToTable("rates").HasKey(r => r.Scope));
        modelBuilder.Entity<PublishedDraw>(draw => draw.ToTable("draws").HasKey(d => new { d.Period, d.Draw }));
    }
}
