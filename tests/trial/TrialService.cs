using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace EPimorfosi.Trial;

/// <summary>A small service made of the defaults alone. It goes by the name of "programmes", for it consumes what that service consumes.</summary>
public sealed class TrialService
{
    public static void Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults<TrialDb>("programmes");
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapPost("/said", Say).RequireAuthorization(Policies.Office);
        app.MapPost("/heard", (Heard heard) => heard.Word).RequireAuthorization(Policies.Office);
        app.MapGet("/forgotten", () => "a route that names no policy");
        app.MapGet("/broken", (HttpContext _) => { throw new InvalidOperationException("a secret of ours"); }).AllowAnonymous();
        app.MapPost("/import", Import).AllowImport().AllowAnonymous();
        app.Run();
    }

    /// <summary>Stores a word and tells of it in one transaction; the word "no" is refused by the database after both were written.</summary>
    static async Task<IResult> Say(string word, TrialDb db)
    {
        db.Words.Add(new Word { Id = Guid.CreateVersion7(), Text = word });
        db.Publish(new SchoolsPublished([new School(word, "Σχολείο", "GR-01", "GR-01")]));
        await db.SaveChangesAsync();
        return TypedResults.Ok();
    }

    static async Task<IResult> Import(HttpRequest request, CancellationToken cancellationToken)
    {
        var rows = new List<object>();
        await foreach (var row in CsvTable.Read(await CsvTable.Body(request), ["a", "b"], cancellationToken))
        {
            rows.Add(row.Fault is null ? new { row.Line, A = row["a"], B = row["b"], Fault = (string?)null } : new { row.Line, A = "", B = "", Fault = (string?)row.Fault });
        }
        return TypedResults.Ok(rows);
    }
}

public record Heard(string Word);

public sealed class Word
{
    public required Guid Id { get; init; }
    public required string Text { get; init; }
}

public sealed class TrialDb(DbContextOptions<TrialDb> options) : ServiceDb(options)
{
    public DbSet<Word> Words => Set<Word>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Word>().ToTable(table => table.HasCheckConstraint("not_no", "text <> 'no'"));
    }
}

/// <summary>Stores what it hears, fails the first time it hears "twice", and answers in the same transaction.</summary>
public sealed class TrialConsumer(TrialDb db) : IConsumer<PublishProgrammesAgain>
{
    static int failures;

    public async Task Consume(ConsumeContext<PublishProgrammesAgain> context)
    {
        db.Words.Add(new Word { Id = Guid.CreateVersion7(), Text = context.Message.Period });
        db.Publish(new ProgrammesFrozen(context.Message.Period, 0, "", DateTimeOffset.UnixEpoch));
        await db.SaveChangesAsync();
        if (context.Message.Period == "twice" && Interlocked.Increment(ref failures) == 1)
        {
            throw new InvalidOperationException("Failed after it had written.");
        }
    }
}

[Microsoft.EntityFrameworkCore.Infrastructure.DbContext(typeof(TrialDb))]
[Migration("20230101000000_Initial")]
public sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        create table words (id uuid primary key, text text not null constraint not_no check (text <> 'no'));
        create table outbox (id uuid primary key, type text not null, body jsonb not null, traceparent text, created_at timestamptz not null, fault text);
        create table inbox (message_id uuid not null, endpoint text not null, received_at timestamptz not null, primary key (message_id, endpoint));
        """);
}
