using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Catalogue;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Notifications.Wordings;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications;

/// <summary>Messages, and this service's own copy of what they need: contacts, ticket holders, periods and programmes.</summary>
public class NotificationsDb(DbContextOptions<NotificationsDb> options) : ServiceDb(options)
{
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<KnownContact> Contacts => Set<KnownContact>();
    public DbSet<KnownAccount> Accounts => Set<KnownAccount>();
    public DbSet<KnownHolder> Holders => Set<KnownHolder>();
    public DbSet<KnownPeriod> Periods => Set<KnownPeriod>();
    public DbSet<KnownProgramme> Programmes => Set<KnownProgramme>();
    public DbSet<KnownTrainers> Trainers => Set<KnownTrainers>();
    public DbSet<PublishedDraw> Draws => Set<PublishedDraw>();
    public DbSet<Suppression> Suppressions => Set<Suppression>();
    public DbSet<Rate> Rates => Set<Rate>();
    public DbSet<Key> Keys => Set<Key>();
    public DbSet<Closing> Closings => Set<Closing>();
    public DbSet<Wording> Wordings => Set<Wording>();
    public DbSet<Preferences> Preferences => Set<Preferences>();
    public DbSet<Announcement> Announcements => Set<Announcement>();
    public DbSet<FaqEntry> Faq => Set<FaqEntry>();
    public DbSet<NewsVersion> NewsVersions => Set<NewsVersion>();
    public DbSet<Question> Questions => Set<Question>();
    public DbSet<Entry> Entries => Set<Entry>();
    public DbSet<Attachment> Attachments => Set<Attachment>();
    public DbSet<CannedAnswer> CannedAnswers => Set<CannedAnswer>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasOfficeActs();
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
        modelBuilder.Entity<KnownAccount>().ToTable("accounts");
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
        modelBuilder.Entity<KnownTrainers>(trainers => trainers.ToTable("trainers").HasKey(t => new { t.Period, t.Code }));
        modelBuilder.Entity<Suppression>(suppression => suppression.ToTable("suppressions").HasKey(s => s.Address));
        modelBuilder.Entity<Rate>(rate => rate.ToTable("rates").HasKey(r => r.Scope));
        modelBuilder.Entity<Key>(key => key.ToTable("keys").HasKey(k => k.Name));
        modelBuilder.Entity<Closing>(closing => closing.ToTable("closings").HasKey(c => c.Period));
        modelBuilder.Entity<Wording>(wording =>
        {
            wording.ToTable("wordings").HasKey(w => new { w.Kind, w.Language, w.Version });
            wording.Property(w => w.Kind).HasConversion<string>();
        });
        modelBuilder.Entity<Preferences>(preferences => preferences.ToTable("preferences").HasKey(p => p.RegistryNumber));
        NewsModel(modelBuilder);
        HelpDeskModel(modelBuilder);
        modelBuilder.Entity<PublishedDraw>(draw => draw.ToTable("draws").HasKey(d => new { d.Period, d.Draw }));
    }

    static void NewsModel(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Announcement>(announcement =>
        {
            announcement.ToTable("announcements");
            announcement.Property(a => a.Version).HasDefaultValue(1).IsConcurrencyToken();
            announcement.ComplexProperty(a => a.Title);
            announcement.ComplexProperty(a => a.Text);
            // The page and the feed: the newest that are public.
            announcement.HasIndex(a => a.PublishAt);
        });
        modelBuilder.Entity<FaqEntry>(entry =>
        {
            entry.ToTable("faq");
            entry.Property(e => e.Version).HasDefaultValue(1).IsConcurrencyToken();
            entry.ComplexProperty(e => e.Question);
            entry.ComplexProperty(e => e.Answer);
        });
        modelBuilder.Entity<NewsVersion>(version =>
        {
            version.ToTable("news_versions").HasKey(v => new { v.Id, v.Version });
            version.Property(v => v.Body).HasColumnType("jsonb");
        });
    }

    static void HelpDeskModel(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Question>(question =>
        {
            question.ToTable("questions");
            question.Property(q => q.State).HasConversion<string>();
            question.Property(q => q.Number).UseIdentityAlwaysColumn();
            // The office's queue; a teacher's own.
            question.HasIndex(q => new { q.State, q.ChangedAt });
            question.HasIndex(q => q.RegistryNumber);
        });
        modelBuilder.Entity<Entry>(entry =>
        {
            entry.ToTable("entries");
            // A mail that comes twice says nothing new.
            entry.HasIndex(e => new { e.Question, e.MailId }).IsUnique();
        });
        modelBuilder.Entity<Attachment>(attachment => attachment.ToTable("attachments").HasIndex(a => a.Question));
        modelBuilder.Entity<CannedAnswer>(answer => answer.ToTable("canned_answers"));
    }
}
