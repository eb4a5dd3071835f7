using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>
/// Connections of the claim path alone. Its statements find each row by its key, so they are planned once, by index whatever a table holds, and not again
/// for each batch: planning took longer than running them. See docs/decisions/0032-the-claim-path-is-planned-once.md.
/// </summary>
sealed class IntakeDatabase(IConfiguration configuration, ILoggerFactory logs) : IDisposable, IAsyncDisposable
{
    const int Batch = 128 << 10;

    readonly NpgsqlDataSource source = Build(configuration, logs);

    public ValueTask<NpgsqlConnection> Open(CancellationToken cancellationToken = default) => source.OpenConnectionAsync(cancellationToken);

    static NpgsqlDataSource Build(IConfiguration configuration, ILoggerFactory logs)
    {
        var address = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Database"))
        {
            MaxPoolSize = 8, // few, so that each has its statements prepared
            MaxAutoPrepare = 30,
            AutoPrepareMinUsages = 2,
            ReadBufferSize = Batch, // a batch in one piece, there and back
            WriteBufferSize = Batch,
            NoResetOnClose = true, // nothing is set on them that another could mind
        };
        address.Options = $"{address.Options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off".TrimStart();
        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString).UseLoggerFactory(logs);
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => System.Diagnostics.Activity.Current is not null));
        return builder.Build();
    }

    public void Dispose() => source.Dispose();

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
