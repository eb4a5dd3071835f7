using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace EPimorfosi.Programmes;

/// <summary>Periods, programmes and the reference data they are made of.</summary>
public class ProgrammesDb(DbContextOptions<ProgrammesDb> options) : ServiceDb(options)
{
    public const string Search = "Search";

    public DbSet<TrainingPeriod> Periods => Set<TrainingPeriod>();
    public DbSet<CalendarOverride> Overrides => Set<CalendarOverride>();
    public DbSet<TrainingProgramme> Programmes => Set<TrainingProgramme>();
    public DbSet<Proposal> Proposals => Set<Proposal>();
    public DbSet<Cluster> Clusters => Set<Cluster>();
    public DbSet<Prefecture> Prefectures => Set<Prefecture>();
    public DbSet<Specialty> Specialties => Set<Specialty>();
    public DbSet<School> Schools => Set<School>();
    public DbSet<ReferenceEdition> ReferenceEdition => Set<ReferenceEdition>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasOfficeActs();
        modelBuilder.Entity<TrainingPeriod>(period =>
        {
            period.ToTable("periods");
            period.HasKey(row => row.Code);
            period.Property(row => row.Code).UseCollation("C");
            period.ComplexProperty(row => row.Title);
            period.ComplexProperty(row => row.PhaseA);
            period.ComplexProperty(row => row.PhaseB);
            period.ComplexProperty(row => row.Enrolment);
            // JSON by the contracts' own rules, so that a policy added later has its default in periods of before.
            period.Property(row => row.Policy).HasColumnType("jsonb").HasConversion(
                policy => JsonSerializer.Serialize(policy, Outbox.Json), json => JsonSerializer.Deserialize<Policy>(json, Outbox.Json)!,
                new ValueComparer<Policy>((left, right) => left == right, policy => policy.GetHashCode()));
            period.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<CalendarOverride>(entry =>
        {
            entry.ToTable("overrides");
            entry.HasKey(row => row.Id);
            entry.HasIndex(row => new { row.Period, row.Id }); // R31: the public list of a period
        });
        modelBuilder.Entity<TrainingProgramme>(programme =>
        {
            programme.ToTable("programmes");
            programme.HasKey(row => row.Code);
            programme.Property(row => row.Code).UseCollation("C"); // R17: the frozen catalogue is sorted by bytes
            programme.HasIndex(row => new { row.Period, row.Cluster, row.Code }); // R7: a teacher looks at one cluster
            programme.HasIndex(row => new { row.Period, row.Code }); // R17
            programme.HasIndex(row => row.Centre);
            programme.HasOne<TrainingPeriod>().WithMany().HasForeignKey(row => row.Period).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<Proposal>(proposal =>
        {
            proposal.ToTable("proposals");
            proposal.Property(row => row.Code).UseCollation("C"); // as the programme's
            proposal.Property(row => row.State).HasConversion<string>();
            proposal.Property(row => row.Version).IsConcurrencyToken();
            proposal.Ignore(row => row.Row);
            proposal.HasIndex(row => row.Code).IsUnique(); // R6: a programme has one proposal
            proposal.HasIndex(row => new { row.Period, row.State, row.ProposedAt }); // the office's list
            proposal.HasIndex(row => row.Centre);
            proposal.HasOne<TrainingPeriod>().WithMany().HasForeignKey(row => row.Period).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<Cluster>(cluster => { cluster.HasKey(row => row.Code); cluster.Property<string>(Search).IsRequired(); });
        modelBuilder.Entity<Prefecture>(prefecture => { prefecture.HasKey(row => row.Code); prefecture.Property<string>(Search).IsRequired(); });
        modelBuilder.Entity<Specialty>(specialty => { specialty.HasKey(row => row.Code); specialty.Property<string>(Search).IsRequired(); });
        modelBuilder.Entity<School>(school =>
        {
            school.HasKey(row => row.Code);
            school.Property<string>(Search).IsRequired();
            school.Property<bool>("Imported").HasDefaultValue(false); // by the office: a new edition of the files leaves it alone
            school.HasIndex(row => row.PrefectureCode);
        });
        modelBuilder.Entity<ReferenceEdition>(edition =>
        {
            edition.ToTable("reference_edition");
            edition.Property(row => row.Id).ValueGeneratedNever();
        });
    }
}
