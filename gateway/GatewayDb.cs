using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Drafts;
using EPimorfosi.Gateway.Imports;
using EPimorfosi.Gateway.Tokens;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Gateway;

/// <summary>Accounts and their sessions, the drafts of lists, the keys that sign internal tokens, and the keys that protect cookies: shared by all replicas.</summary>
public class GatewayDb(DbContextOptions<GatewayDb> options) : ServiceDb(options), IDataProtectionKeyContext
{
    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<OpenSession> Sessions => Set<OpenSession>();

    public DbSet<ImportRun> Imports => Set<ImportRun>();

    public DbSet<Draft> Drafts => Set<Draft>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasOfficeActs();
        modelBuilder.Entity<ImportRun>(run =>
        {
            run.ToTable("import_runs");
            run.Property(r => r.Report).HasColumnType("jsonb");
            run.HasIndex(r => r.CreatedAt); // the list of the latest, and what is old enough to be forgotten
        });
        modelBuilder.Entity<Account>(account =>
        {
            account.Property(a => a.UserName).HasMaxLength(100).IsRequired();
            account.Property(a => a.NormalizedUserName).HasMaxLength(100).IsRequired();
            account.Property(a => a.ConcurrencyStamp).IsConcurrencyToken();
            account.Ignore(a => a.IsMoreThanATeachers);
            account.HasIndex(a => a.NormalizedUserName).IsUnique(); // one account a name
            account.HasIndex(a => a.NormalizedEmail);
            account.HasIndex(a => a.RegistryNumber); // who comes by another provider is looked for by it
        });
        modelBuilder.Entity<OpenSession>(session =>
        {
            session.HasKey(s => s.Id);
            session.HasOne<Account>().WithMany().HasForeignKey(s => s.Account);
        });
        modelBuilder.Entity<Draft>(draft =>
        {
            draft.HasKey(d => new { d.Account, d.Period, d.Phase }); // one draft a list
            draft.HasOne<Account>().WithMany().HasForeignKey(d => d.Account);
        });
        modelBuilder.Entity<IdentityUserClaim<Guid>>(claim =>
        {
            claim.ToTable("account_claims");
            claim.HasOne<Account>().WithMany().HasForeignKey(c => c.UserId);
        });
        modelBuilder.Entity<IdentityUserLogin<Guid>>(login =>
        {
            login.ToTable("account_logins");
            login.HasKey(l => new { l.LoginProvider, l.ProviderKey });
            login.HasOne<Account>().WithMany().HasForeignKey(l => l.UserId);
        });
        modelBuilder.Entity<IdentityUserToken<Guid>>(token =>
        {
            token.ToTable("account_tokens");
            token.HasKey(t => new { t.UserId, t.LoginProvider, t.Name });
            token.HasOne<Account>().WithMany().HasForeignKey(t => t.UserId);
        });
    }
}
