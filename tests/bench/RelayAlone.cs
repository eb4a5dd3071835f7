using System.Diagnostics;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Bench;

/// <summary>The outbox's relay in a process of its own, with a database and a virtual host of its own: emptied in batches, and one by one.</summary>
static class RelayAlone
{
    const int Rounds = 3;

    public static async Task<Row> Run()
    {
        await using var batches = await Side.Start(500);
        await using var single = await Side.Start(1);
        await batches.Empty(5000);
        await single.Empty(300); // warm
        List<double> ours = [], reference = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await batches.Empty(10_000));
            reference.Add(await single.Empty(1000));
        }
        return Row.Rates("outbox relayed in batches; reference: one by one", ours, reference, 7);
    }

    sealed class Side(Process process, string database, NpgsqlDataSource source) : IAsyncDisposable
    {
        public static async Task<Side> Start(int batch)
        {
            var database = await PostgresServer.NewDatabaseAsync();
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EPimorfosi.Trial.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["ConnectionStrings__Database"] = database;
            start.Environment["ConnectionStrings__Bus"] = (await Broker.NewVirtualHostAsync()).Amqp;
            start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
            start.Environment["Outbox__Batch"] = $"{batch}";
            var process = Process.Start(start)!;
            process.BeginOutputReadLine(); // read, or it would wait for its reader
            process.BeginErrorReadLine();
            var side = new Side(process, database, NpgsqlDataSource.Create(database));
            await Until.True(async () => await side.Scalar("select count(*) from pg_tables where tablename = 'outbox'") == 1, "the trial service to be there");
            return side;
        }

        /// <returns>Messages a second, from their commit to an empty outbox.</returns>
        public async Task<double> Empty(int messages)
        {
            await Scalar($$$"""
                insert into outbox (id, type, body, created_at)
                select gen_random_uuid(), 'EPimorfosi.Contracts.Applications.SeatRequestsAccepted', jsonb_build_object('period', 'B2-2023-2', 'requests', jsonb_build_array(jsonb_build_object(
                    'order', n, 'sequence', n, 'kind', 'Claim', 'ticket', '0123456789ABCDEF', 'preferences', '["B2-2023-2.4-001", "B2-2023-2.4-002"]'::jsonb, 'acceptedAt', '2023-01-25T10:00:00Z'))), now()
                from generate_series(1, {{{messages}}}) as n
                """);
            var watch = Stopwatch.StartNew();
            while (await Scalar("select count(*) from outbox") > 0)
            {
                await Task.Delay(5);
            }
            return messages / watch.Elapsed.TotalSeconds;
        }

        async Task<long> Scalar(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync() is long count ? count : 0;
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            await source.DisposeAsync();
            await Databases.Drop(database);
        }
    }
}
