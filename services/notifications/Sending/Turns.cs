using EPimorfosi.Notifications.Messages;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.Sending;

/// <summary>Whose turn it is: what the rates allow now goes, the rest comes again when its turn may be.</summary>
public sealed class Turns(Allowance allowance, DueMessages due, IOptions<SendingOptions> options)
{
    public async Task<List<DueMessage>> Choose(Channel channel, List<DueMessage> ready, CancellationToken cancel)
    {
        var total = channel == Channel.Email ? options.Value.EmailPerSecond : options.Value.SmsPerSecond;
        var domains = channel == Channel.Email && (options.Value.DomainPerSecond > 0 || options.Value.Domains.Count > 0);
        if (total <= 0 && !domains)
        {
            return ready;
        }
        var chosen = domains ? await OfEachDomain(ready, cancel) : ready;
        var all = (await allowance.Take([new($"{channel}", chosen.Count, total)], cancel))[$"{channel}"];
        var going = chosen.Take(all).ToList();
        await PutBack(ready.Except(going).ToList(), total, cancel);
        return going;
    }

    async Task<List<DueMessage>> OfEachDomain(List<DueMessage> ready, CancellationToken cancel)
    {
        var byDomain = ready.GroupBy(m => Domain(m)).ToList();
        var granted = await allowance.Take([.. byDomain.Select(d => new RateWish($"Email/{d.Key}", d.Count(), PerSecond(d.Key)))], cancel);
        return [.. byDomain.SelectMany(d => d.Take(granted[$"Email/{d.Key}"])).OrderBy(m => m.Id)];
    }

    /// <summary>Spread over the time they need at least, so that not all ask again at once; what is far down the queue asks again in a minute at the latest.</summary>
    async Task PutBack(List<DueMessage> waiting, double total, CancellationToken cancel)
    {
        var (ids, after) = (new List<Guid>(), new List<double>());
        foreach (var domain in waiting.GroupBy(Domain))
        {
            var rate = new[] { total, PerSecond(domain.Key) }.Where(r => r > 0).DefaultIfEmpty(1).Min();
            foreach (var (message, n) in domain.Select((m, n) => (m, n + 1)))
            {
                ids.Add(message.Id);
                after.Add(Math.Min(60, n / rate));
            }
        }
        await due.PutBack([.. ids], [.. after], cancel);
    }

    double PerSecond(string domain) => options.Value.Domains.TryGetValue(domain, out var own) ? own : options.Value.DomainPerSecond;

    static string Domain(DueMessage message) => message.Person?.Email is { } address ? address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant() : "";
}
