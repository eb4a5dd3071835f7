using System.Diagnostics;
using EPimorfosi.Notifications.Messages;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Notifications.Sending;

/// <summary>Workers that send what is due. Any number of replicas may run: each message is taken by one of them.</summary>
public sealed class Sender(DueMessages due, Delivery delivery, Outlets outlets, ILogger<Sender> log) : BackgroundService
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(outlets.All.Select(o => Work(o.Channel, o.Make, stoppingToken)));

    async Task Work(Channel channel, Func<IOutlet> make, CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var outlet = make();
                while (await Round(channel, outlet, stopping) is var (usable, sent))
                {
                    failures = sent > 0 ? 0 : failures;
                    if (!usable)
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.LogWarning("{Channel}: nothing can be sent now, {Fault}: {Reason}", channel, fault.GetType().Name, fault.Message);
            }
            await Pause(Backoff.After(++failures, FirstPause, LongestPause, Random.Shared.NextDouble()), stopping);
        }
    }

    /// <summary>Nothing is taken before the outlet is open: while the other side is dead, messages just stay due.</summary>
    async Task<(bool Usable, int Sent)> Round(Channel channel, IOutlet outlet, CancellationToken stopping)
    {
        if (!await due.Any(channel, stopping))
        {
            await Task.Delay(outlets.Sending.Poll, stopping);
            return (true, 0);
        }
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping))
        {
            limit.CancelAfter(outlets.Sending.Timeout);
            await outlet.Open(limit.Token);
        }
        var takenAt = Stopwatch.GetTimestamp();
        var lease = await due.Lease(outlets.Sending.Lease, stopping);
        try
        {
            var taken = await due.Take(channel, outlets.Sending.Batch, lease, stopping);
            return await delivery.Deliver(outlet, taken, takenAt, stopping);
        }
        catch (Exception)
        {
            await Release(channel, lease, takenAt, stopping);
            throw;
        }
    }

    /// <summary>What was taken in vain need not wait for the end of its lease; while the database restarts, this does.</summary>
    async Task Release(Channel channel, DateTime lease, long takenAt, CancellationToken stopping)
    {
        do
        {
            try
            {
                await due.Release(channel, lease, CancellationToken.None);
                return;
            }
            catch (NpgsqlException)
            {
                await Pause(FirstPause, stopping);
            }
        } while (!stopping.IsCancellationRequested && Stopwatch.GetElapsedTime(takenAt) < outlets.Sending.Lease);
    }

    static Task Pause(TimeSpan wait, CancellationToken stopping) => Task.Delay(wait, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}

/// <summary>The outlets the configuration asks for: one of the mail server for each worker, and one of the SMS provider if there is one.</summary>
public sealed class Outlets(IOptions<SmtpOptions> smtp, IOptions<SmsOptions> sms, IOptions<SendingOptions> sending, IHttpClientFactory http, PublicAddress address)
{
    public SendingOptions Sending => sending.Value;

    public IEnumerable<(Channel Channel, Func<IOutlet> Make)> All => Enumerable
        .Repeat<(Channel, Func<IOutlet>)>((Channel.Email, () => new SmtpOutlet(smtp.Value)), sending.Value.Workers)
        .Concat(sms.Value.Url is null ? [] : [(Channel.Sms, () => new SmsOutlet(http.CreateClient("sms"), sms.Value, address.Of("/api/messages/reports/sms")))]);
}
