using System.Diagnostics;
using EPimorfosi.Allocation;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Bench;

/// <summary>The decider on a table that is full of claims: seats, log, messages, all stored, nothing else at work.</summary>
static class DecideAlone
{
    const int Programmes = 1500, Claims = 40_000, Rounds = 3, Goal = 20_000;
    static readonly DateTimeOffset Day = new(2023, 1, 25, 10, 0, 0, TimeSpan.Zero);

    public static async Task<Row> Run()
    {
        var database = await PostgresServer.NewDatabaseAsync();
        try
        {
            await using var source = NpgsqlDataSource.Create(database);
            await using (var db = Open(source))
            {
                await db.Database.MigrateAsync();
            }
            List<double> rates = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var period = $"B2-{round}";
                await Fill(source, period);
                var batches = new DecisionBatch(source, new PublishedLines());
                var decided = 0;
                var watch = Stopwatch.StartNew();
                while (await batches.Decide(period, Day, default) is > 0 and var some)
                {
                    decided += some;
                }
                if (decided != Claims)
                {
                    throw new InvalidOperationException($"{decided} of {Claims} claims were decided.");
                }
                if (round > 0) // the first warms
                {
                    rates.Add(Claims / watch.Elapsed.TotalSeconds);
                }
            }
            return Row.Rates("deciding alone, 40,000 claims on 22,500 seats from a filled table; reference: the 20,000/s that are the aim", rates, [Goal], 1);
        }
        finally
        {
            await Databases.Drop(database);
        }
    }

    static AllocationDb Open(NpgsqlDataSource source) => new(new DbContextOptionsBuilder<AllocationDb>().UseNpgsql(source).UseSnakeCaseNamingConvention().Options);

    /// <summary>A published draw in which nobody applied, and the claims of 40,000 teachers on four programmes each.</summary>
    static async Task Fill(NpgsqlDataSource source, string period)
    {
        await using var db = Open(source);
        db.Periods.Add(new() { Code = period, Version = 1, Body = new(period, 1, new(period, period), "B2", default, default, new(Day, Day), null, new(Day, Day), new(Day, Day), 10, 15, new()) });
        db.Programmes.AddRange(Enumerable.Range(0, Programmes).Select(number => new ListedProgramme
        {
            Period = period,
            Code = $"P{number:0000}",
            Version = 1,
            Body = new($"P{number:0000}", 1, "B2.1", "IIb", "Πρόγραμμα", "9010001", "Κέντρο", "GR-01", [], 10, 15, null, []),
        }));
        await db.SaveChangesAsync();
        await using var fill = source.CreateCommand($"""
            insert into drawn_programmes (period, draw, code, members, runners_up, below_minimum)
            select '{period}', 1, 'P' || to_char(n, 'FM0000'), 0, 0, true from generate_series(0, {Programmes - 1}) n;
            insert into seat_heads (period, draw, next_order, lines, hash) values ('{period}', 1, 1, 0, '{SeatLog.Genesis}');
            insert into seat_requests (period, "order", sequence, kind, ticket, preferences, accepted_at)
            select '{period}', n, n, 0, to_char(n, 'FM0000000000000000'), array(select 'P' || to_char((n * 7919 + k * k * 31) % {Programmes}, 'FM0000') from generate_series(1, 4) k), '{Day:O}'
            from generate_series(1, {Claims}) n
            """);
        await fill.ExecuteNonQueryAsync();
    }
}
