using System.Text.Json;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EPimorfosi.Allocation;

/// <summary>Allocation's database. It knows tickets, never persons.</summary>
public sealed class AllocationDb(DbContextOptions<AllocationDb> options) : ServiceDb(options)
{
    public DbSet<KnownPeriod> Periods => Set<KnownPeriod>();
    public DbSet<Book> Books => Set<Book>();
    public DbSet<ListedProgramme> Programmes => Set<ListedProgramme>();
    public DbSet<ListedApplication> Applications => Set<ListedApplication>();
    public DbSet<Repair> Repairs => Set<Repair>();
    public DbSet<Ceremony> Draws => Set<Ceremony>();
    public DbSet<Repetition> Repetitions => Set<Repetition>();
    public DbSet<Custodian> Custodians => Set<Custodian>();
    public DbSet<Strike> Strikes => Set<Strike>();
    public DbSet<Rehearsal> Rehearsals => Set<Rehearsal>();
    public DbSet<DrawnTicket> Outcomes => Set<DrawnTicket>();
    public DbSet<DrawnProgramme> DrawnProgrammes => Set<DrawnProgramme>();
    public DbSet<SeatHead> SeatHeads => Set<SeatHead>();
    public DbSet<AcceptedRequest> SeatRequests => Set<AcceptedRequest>();
    public DbSet<HeldSeat> Seats => Set<HeldSeat>();
    public DbSet<HeldClaim> WaitingClaims => Set<HeldClaim>();
    public DbSet<Offer> Offers => Set<Offer>();
    public DbSet<SeatLine> SeatLog => Set<SeatLine>();
    public DbSet<KeptProgramme> KeptProgrammes => Set<KeptProgramme>();
    public DbSet<CancelledProgramme> CancelledProgrammes => Set<CancelledProgramme>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasOfficeActs();
        Lists(modelBuilder);
        Draw(modelBuilder);
        PhaseB(modelBuilder);
    }

    static void Lists(ModelBuilder model)
    {
        model.Entity<KnownPeriod>(period =>
        {
            period.ToTable("periods").HasKey(p => p.Code);
            Json(period.Property(p => p.Body));
        });
        model.Entity<Book>().ToTable("books").HasKey(b => b.Period);
        model.Entity<ListedProgramme>(programme =>
        {
            programme.ToTable("programmes").HasKey(p => new { p.Period, p.Code });
            Bytewise(programme.Property(p => p.Code));
            Json(programme.Property(p => p.Body));
        });
        model.Entity<ListedApplication>(application =>
        {
            // R17: the key in the order of the frozen list, which is by bytes.
            application.ToTable("applications").HasKey(a => new { a.Period, a.Ticket });
            Bytewise(application.Property(a => a.Ticket));
        });
        model.Entity<Repair>(repair =>
        {
            repair.ToTable("repairs").HasKey(r => new { r.Period, r.Ticket });
            Bytewise(repair.Property(r => r.Ticket));
        });
    }

    static void Draw(ModelBuilder model)
    {
        model.Entity<Ceremony>(draw =>
        {
            draw.ToTable("draws").HasKey(d => new { d.Period, d.Number });
            draw.Ignore(d => d.State);
        });
        model.Entity<Repetition>().ToTable("repetitions").HasKey(r => new { r.Period, r.Draw });
        model.Entity<Strike>(strike =>
        {
            strike.ToTable("strikes").HasKey(s => new { s.Period, s.Number });
            Bytewise(strike.Property(s => s.Ticket));
        });
        model.Entity<Rehearsal>().ToTable("rehearsals").HasKey(r => new { r.Period, r.Number });
        model.Entity<Custodian>(custodian =>
        {
            custodian.ToTable("custodians").HasKey(c => new { c.Period, c.Draw, c.Subject });
            // R18: a name and a secret stand for one custodian.
            custodian.HasIndex(c => new { c.Period, c.Draw, c.Name }).IsUnique();
            custodian.HasIndex(c => new { c.Period, c.Draw, c.Commitment }).IsUnique();
        });
        model.Entity<DrawnTicket>(outcome =>
        {
            outcome.ToTable("outcomes").HasKey(o => new { o.Period, o.Draw, o.Place });
            // I1: one place for a ticket.
            outcome.HasIndex(o => new { o.Period, o.Draw, o.Ticket }).IsUnique();
            Bytewise(outcome.Property(o => o.Ticket));
        });
        model.Entity<DrawnProgramme>(programme =>
        {
            programme.ToTable("drawn_programmes").HasKey(p => new { p.Period, p.Draw, p.Code });
            Bytewise(programme.Property(p => p.Code));
        });
    }

    static void PhaseB(ModelBuilder model)
    {
        model.Entity<SeatHead>().ToTable("seat_heads").HasKey(h => h.Period);
        // R23: a request has its order once, however often it comes.
        model.Entity<AcceptedRequest>().ToTable("seat_requests").HasKey(r => new { r.Period, r.Order });
        model.Entity<HeldSeat>(seat =>
        {
            // I1: one place for a ticket.
            seat.ToTable("seats").HasKey(s => new { s.Period, s.Ticket });
            seat.HasIndex(s => new { s.Period, s.Programme }); // members are counted from rows
        });
        model.Entity<HeldClaim>().ToTable("waiting_claims").HasKey(c => new { c.Period, c.Ticket });
        model.Entity<Offer>(offer =>
        {
            offer.ToTable("offers").HasKey(o => new { o.Period, o.Number });
            offer.HasIndex(o => new { o.Period, o.Ticket, o.Programme }).IsUnique(); // R25: a runner-up is offered a seat of a programme once
            offer.HasIndex(o => new { o.Period, o.Programme });
        });
        model.Entity<SeatLine>(line =>
        {
            line.ToTable("seat_log").HasKey(l => new { l.Period, l.Number });
            // I13: a request has exactly one outcome.
            line.HasIndex(l => new { l.Period, l.Order }).IsUnique();
            line.HasIndex(l => new { l.Period, l.Ticket }).HasFilter(SeatEvents.EndsRanks); // R26: whose runner-up ranks have ended
            line.Ignore(l => l.ExpiresAt);
        });
        model.Entity<KeptProgramme>().ToTable("kept_programmes").HasKey(k => new { k.Period, k.Programme });
        model.Entity<CancelledProgramme>().ToTable("cancelled_programmes").HasKey(c => new { c.Period, c.Programme });
    }

    static void Bytewise(PropertyBuilder<string> property) => property.UseCollation("C");

    static void Json<T>(PropertyBuilder<T> property) => property.HasColumnType("jsonb").HasConversion(
        value => JsonSerializer.Serialize(value, Outbox.Json), text => JsonSerializer.Deserialize<T>(text, Outbox.Json)!);
}
