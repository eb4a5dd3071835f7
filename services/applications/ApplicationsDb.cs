using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Applications;

/// <summary>Teachers and what they ask for; copies of the reference data, the catalogue and the decisions of others.</summary>
public class ApplicationsDb(DbContextOptions<ApplicationsDb> options) : ServiceDb(options)
{
    public DbSet<Teacher> Teachers => Set<Teacher>();
    public DbSet<Application> Applications => Set<Application>();
    public DbSet<Receipt> Receipts => Set<Receipt>();
    public DbSet<Freeze> Freezes => Set<Freeze>();
    public DbSet<SeatRequestRow> SeatRequests => Set<SeatRequestRow>();
    public DbSet<Decision> Decisions => Set<Decision>();
    public DbSet<Standing> Standings => Set<Standing>();
    public DbSet<DrawResults> Results => Set<DrawResults>();
    public DbSet<Enrolment> Enrolments => Set<Enrolment>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasOfficeActs();
        OnReferenceCreating(modelBuilder);
        modelBuilder.Entity<Teacher>(teacher =>
        {
            teacher.HasKey(row => row.RegistryNumber);
            teacher.Property(row => row.RegistryNumber).UseCollation("C");
            teacher.Property(row => row.B1Certified).HasColumnName("b1_certified"); // as in the file
            teacher.Property<string>(TeacherSearch.Column).HasComputedColumnSql(TeacherSearch.Sql, stored: true); // whoever writes the row
        });
        modelBuilder.Entity<Application>(application =>
        {
            application.HasKey(row => new { row.Period, row.RegistryNumber }); // R13: one a period
            application.Property(row => row.RegistryNumber).UseCollation("C");
            application.Property(row => row.Ticket).UseCollation("C");
            application.HasIndex(row => new { row.Period, row.Ticket }).IsUnique(); // R14; and the order of the frozen list (R17)
        });
        modelBuilder.Entity<Receipt>(receipt =>
        {
            receipt.HasKey(row => new { row.Period, row.RegistryNumber, row.Version }); // R15: versions without gap or repeat
            receipt.Property(row => row.RegistryNumber).UseCollation("C");
        });
        modelBuilder.Entity<Freeze>().HasKey(row => row.Period);
        modelBuilder.Entity<RequestCounter>().ToTable("request_counters").HasKey(row => row.Period);
        modelBuilder.Entity<SeatRequestRow>(request =>
        {
            request.ToTable("seat_requests");
            request.HasKey(row => new { row.Period, row.Order }); // R23: one gapless order
            request.HasIndex(row => new { row.Period, row.Sequence }).IsUnique(); // R23: a claim sequence is given once
            request.HasIndex(row => new { row.Period, row.RegistryNumber, row.IdempotencyKey }).IsUnique(); // a repeated request is one request
        });
        modelBuilder.Entity<Decision>(decision =>
        {
            decision.HasKey(row => new { row.Period, row.Number }); // R24: a line of the log is taken in once
            decision.HasIndex(row => new { row.Period, row.Sequence }); // what became of a claim
            decision.HasIndex(row => new { row.Period, row.Order }); // the answer somebody waits for
            decision.HasIndex(row => new { row.Period, row.Ticket }); // a ticket's offers
            decision.HasIndex(row => row.ExpiresAt).HasFilter("expires_at is not null"); // offers that are due to expire (R25)
        });
        modelBuilder.Entity<Standing>(standing =>
        {
            standing.HasKey(row => new { row.Period, row.Ticket });
            standing.Property(row => row.Ticket).UseCollation("C");
            standing.Property(row => row.Outcome).HasColumnType("jsonb");
            standing.HasIndex(row => new { row.Period, row.Seat }); // members of a programme (R21)
        });
        modelBuilder.Entity<DrawResults>().ToTable("draw_results").HasKey(row => row.Period);
        modelBuilder.Entity<Enrolment>().HasKey(row => new { row.Period, row.RegistryNumber });
    }

    static void OnReferenceCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<PeriodCopy>(period =>
        {
            period.ToTable("periods").HasKey(row => row.Code);
            period.Property(row => row.Body).HasColumnType("jsonb");
        });
        modelBuilder.Entity<ProgrammeCopy>(programme =>
        {
            programme.ToTable("programmes").HasKey(row => new { row.Period, row.Code });
            programme.Property(row => row.Body).HasColumnType("jsonb");
        });
        modelBuilder.Entity<TrainersCopy>().ToTable("programme_trainers").HasKey(row => new { row.Period, row.Code });
        modelBuilder.Entity<CatalogueRevision>().ToTable("catalogue_revisions").HasKey(row => row.Period);
        modelBuilder.Entity<SchoolCopy>().ToTable("schools").HasKey(row => row.Code);
        modelBuilder.Entity<SpecialtyCopy>().ToTable("specialties").HasKey(row => row.Code);
    }
}
