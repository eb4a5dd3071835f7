using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EPimorfosi.Defaults;

/// <summary>The service's own PostgreSQL database.</summary>
public static class Database
{
    internal const string ReadyTag = "ready-database";

    internal static void AddDatabase<TDb>(this WebApplicationBuilder builder, int prepared) where TDb : ServiceDb
    {
        builder.Services.AddSingleton(services =>
        {
            var address = builder.Configuration.GetConnectionString("Database")
                ?? (EF.IsDesignTime ? "Host=design-time" : throw new InvalidOperationException("ConnectionStrings:Database is not set: the address of the service's PostgreSQL database."));
            var source = new NpgsqlDataSourceBuilder(address).UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
            source.ConnectionStringBuilder.MaxAutoPrepare = prepared;
            // Workers that poll would fill the traces with spans of no request.
            source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => System.Diagnostics.Activity.Current is not null));
            return source.Build();
        });
        builder.Services.AddDbContextFactory<TDb>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            .UseSnakeCaseNamingConvention());
        builder.Services.AddScoped<ServiceDb>(services => services.GetRequiredService<TDb>());
        builder.Services.AddHostedService<MigrateAtStart<TDb>>();
        builder.Services.AddHealthChecks().AddCheck<Answers>("database", tags: [ReadyTag]);
    }

    /// <summary>The database does not answer just now, or gave way to another transaction: the same may go well in a moment.</summary>
    public static bool IsAway(Exception? fault) => fault switch
    {
        null => false,
        PostgresException postgres => postgres.IsTransient || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        _ => IsAway(fault.InnerException),
    };

    sealed class Answers(NpgsqlDataSource source) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = source.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException)
            {
                return HealthCheckResult.Unhealthy("PostgreSQL does not answer.");
            }
        }
    }
}

/// <summary>Brings the schema up to date before anything else starts; of several replicas one works and the others wait for it.</summary>
sealed class MigrateAtStart<TDb>(IDbContextFactory<TDb> contexts, NpgsqlDataSource source, ILogger<TDb> log) : IHostedService where TDb : ServiceDb
{
    // Wakes the relay for rows written by EF Core and by raw SQL alike.
    const string WakeRelay = """
        create or replace function outbox_written() returns trigger language plpgsql as $$ begin perform pg_notify('outbox', ''); return null; end $$;
        create or replace trigger outbox_written after insert on outbox for each statement execute function outbox_written();
        """;

    // Told which periods there are, the planner takes one that is not among them for empty, and reads all of it where it should look up a key.
    const string KeepPeriodsFromPlanner = """
        do $$ declare name regclass; begin
            for name in select attrelid from pg_attribute join pg_class on pg_class.oid = attrelid
                where relnamespace = current_schema::regnamespace and relkind = 'r' and attname = 'period' and attstattarget is distinct from 0 loop
                execute format('alter table %s alter column period set statistics 0', name);
            end loop;
        end $$;
        """;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var wait = TimeSpan.FromMilliseconds(250); ; wait = TimeSpan.FromSeconds(Math.Min(5, wait.TotalSeconds * 2)))
        {
            try
            {
                await using var election = await Election.Enter(source, "migrations", cancellationToken);
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                await db.Database.MigrateAsync(cancellationToken);
                await db.Database.ExecuteSqlRawAsync(WakeRelay, cancellationToken);
                await db.Database.ExecuteSqlRawAsync(KeepPeriodsFromPlanner, cancellationToken);
                return;
            }
            catch (Exception fault) when (Database.IsAway(fault) || fault is PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName })
            {
                log.LogWarning("The database is not there yet ({Reason}); trying again in {Wait}.", fault.Message, wait);
                await Task.Delay(wait, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
