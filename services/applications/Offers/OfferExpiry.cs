using EPimorfosi.Contracts.Applications;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>
/// Ends offers whose time is over (R25), by a request in the order of all that moves seats: so an acceptance that came in time is before it,
/// however late it is decided. Every replica looks; the offer's one key lets one of them do it.
/// </summary>
sealed class OfferExpiry(NpgsqlDataSource source, ClaimWriter writer, TimeProvider time, ILogger<OfferExpiry> log) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    static readonly Caller Clock = new("", null, null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Expire(stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
            {
                log.LogWarning("Offers that are over wait: {Reason}", fault.Message);
            }
            await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task Expire(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        foreach (var offer in await Offers.Due(connection, time.Now(), cancellationToken))
        {
            if (writer.TryAccept(offer.Period, null, offer.Request(SeatRequestKind.Expire, Clock)) is { } accepting)
            {
                await accepting;
            }
        }
    }
}
