using System.Diagnostics;
using EPimorfosi.Allocation;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Bench;

/// <summary>
/// Draw day as the service does it, for 150,000 applications: the freeze with its digests, the run with its stored results, the publication with
/// everybody's outcome in the outbox. The reference: <c>psql \copy</c> of the same rows out to files and in to tables like theirs.
/// </summary>
static class DrawStored
{
    const int Applications = 150_000, Rounds = 3;

    public static async Task<IEnumerable<Row>> Run()
    {
        var database = await PostgresServer.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        var options = new DbContextOptionsBuilder<AllocationDb>().UseNpgsql(source).UseSnakeCaseNamingConvention().Options;
        await using (var db = new AllocationDb(options))
        {
            await db.Database.MigrateAsync();
        }
        List<TimeSpan> ours = [], reference = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var period = $"B2-{round}";
            await Fill(source, period);
            var (day, copies) = (await DrawDay(options, source, period), await Copies(source, new(database)));
            if (round > 0) // the first warms
            {
                ours.Add(day);
                reference.Add(copies);
            }
            await Execute(source, "truncate applications, programmes, outcomes, drawn_programmes, seats, seat_heads, outbox, books, draws");
        }
        return [Row.Of("freeze, draw, results, outbox, 150,000 x 10 x 1,500; reference: psql copying the same rows out and in", ours, reference, 1.6)];
    }

    static async Task Fill(NpgsqlDataSource source, string period)
    {
        var book = DrawAlone.Book(Applications);
        await using var connection = await source.OpenConnectionAsync();
        await using (var rows = await connection.BeginBinaryImportAsync("copy applications (period, ticket, version, cluster, preferences, withdrawn) from stdin (format binary)"))
        {
            for (var number = 0; number < Applications; number++)
            {
                await rows.WriteRowAsync(default, period, book.Tickets[number], 1, "B2.1", book.Choices(number).ToArray().Select(choice => book.Programmes[choice].Code).ToArray(), false);
            }
            await rows.CompleteAsync();
        }
        await using var db = new AllocationDb(new DbContextOptionsBuilder<AllocationDb>().UseNpgsql(source).UseSnakeCaseNamingConvention().Options);
        var day = new DateTimeOffset(2023, 1, 9, 6, 0, 0, TimeSpan.Zero);
        db.Periods.Add(new() { Code = period, Version = 1, Body = new(period, 1, new(period, period), "B2", default, default, new(day, day), null, new(day, day), new(day, day), 10, 15, new(ObjectionHours: 0)) });
        db.Programmes.AddRange(book.Programmes.Select(programme => new ListedProgramme
        {
            Period = period,
            Code = programme.Code,
            Version = 1,
            Body = new(programme.Code, 1, "B2.1", "IIb", programme.Code, "9010001", "Κέντρο", "GR-01", [], programme.Minimum, programme.Maximum, null, []),
        }));
        await db.SaveChangesAsync();
        await Execute(source, "vacuum analyze applications");
    }

    static async Task<TimeSpan> DrawDay(DbContextOptions<AllocationDb> options, NpgsqlDataSource source, string period)
    {
        var (applications, programmes) = await Digests(source, period);
        var (now, watch) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
        await using (var db = new AllocationDb(options))
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var book = await Book.Take(db, period, default);
            book.AnnounceApplications(applications.Count, applications.Sha256);
            book.AnnounceProgrammes(programmes.Count, programmes.Sha256);
            if (!await Completeness.TryFreeze(db, book, now, default))
            {
                throw new InvalidOperationException("The book is not what was announced.");
            }
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        await using (var db = new AllocationDb(options))
        {
            await using var turn = await Turn.Take(db, period, default);
            db.Draws.Add(new()
            {
                Period = period,
                Number = 1,
                Applications = applications.Count,
                Programmes = programmes.Count,
                ApplicationsSha256 = applications.Sha256,
                ProgrammesSha256 = programmes.Sha256,
                Source = Seed.Custodians(2),
                CommittedAt = now,
                CommittedBy = "bench",
            });
            await turn!.Commit(db, default);
        }
        await using (var db = new AllocationDb(options))
        {
            await using var turn = await Turn.Take(db, period, default);
            await DrawRun.Run(db, turn!, null, now, "bench", default);
            await turn!.Commit(db, default);
        }
        await using (var db = new AllocationDb(options))
        {
            await using var turn = await Turn.Take(db, period, default);
            await new Publication(source).Publish(db, turn!.Draw!, now, "bench", default);
            await turn.Commit(db, default);
        }
        return watch.Elapsed;
    }

    static async Task<(ListDigest, ListDigest)> Digests(NpgsqlDataSource source, string period)
    {
        await using var connection = await source.OpenConnectionAsync();
        return (await CanonicalLists.Digest(CanonicalLists.ApplicationLines(connection, period, 0, default), default),
            await CanonicalLists.Digest(CanonicalLists.ProgrammeLines(connection, period, default), default));
    }

    /// <summary>By one psql, as a person would: each table out to a file, and the file in to a table with the same keys.</summary>
    static async Task<TimeSpan> Copies(NpgsqlDataSource source, NpgsqlConnectionStringBuilder server)
    {
        string[] tables = ["applications", "outcomes", "seats", "outbox"];
        var folder = Directory.CreateTempSubdirectory("bench").FullName;
        try
        {
            await Execute(source, string.Concat(tables.Select(table => $"create table {table}_copy (like {table} including all);")));
            var start = new ProcessStartInfo("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, server.Database!])
            {
                RedirectStandardInput = true,
                Environment = { ["PGPASSWORD"] = server.Password ?? "" },
            };
            var watch = Stopwatch.StartNew();
            using var psql = Process.Start(start)!;
            foreach (var table in tables)
            {
                await psql.StandardInput.WriteLineAsync($"\\copy {table} to '{folder}/{table}' (format binary)\n\\copy {table}_copy from '{folder}/{table}' (format binary)");
            }
            psql.StandardInput.Close();
            await psql.WaitForExitAsync();
            return psql.ExitCode == 0 ? watch.Elapsed : throw new InvalidOperationException("psql failed.");
        }
        finally
        {
            await Execute(source, string.Concat(tables.Select(table => $"drop table if exists {table}_copy;")));
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task Execute(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
