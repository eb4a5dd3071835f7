using EPimorfosi.Load;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>What must hold after every fault, looked at from outside.</summary>
static class Checks
{
    /// <summary>The frozen list is exactly what was acknowledged; that it is Frozen at all says that both services came to the same digest.</summary>
    public static async Task The_list_is_what_was_acknowledged(TestPeriod period)
    {
        var listed = (await period.Text($"/api/draws/{period.Code}/applications.txt")).Split('\n')[1..^1];
        Assert.Equal(period.Applications.Values.Select(application => application.Line).Order(StringComparer.Ordinal), listed);
    }

    /// <summary>Receipts number a ticket's versions without a gap: no submission was stored that nobody was told of, or told of and not stored.</summary>
    public static void Versions_are_gapless(TestPeriod period) => Assert.All(
        period.Receipts.GroupBy(receipt => receipt.Ticket),
        ticket => Assert.Equal(ticket.Select(receipt => receipt.Version).Distinct().Max(), ticket.Select(receipt => receipt.Version).Distinct().Count()));

    public static async Task The_draw_can_be_recomputed(TestPeriod period)
    {
        var bundle = await period.Bundle();
        Assert.Null(SecondDraw.Custodians(bundle.DrawJson));
        Assert.Equal(bundle.Results, SecondDraw.Run(bundle));
    }

    /// <summary>Every acknowledged claim has one outcome, in the order of the sequence, and each decision is the right one.</summary>
    public static async Task Every_claim_is_decided_once_and_in_order(TestPeriod period, int seconds = 90)
    {
        var log = new List<LogLine>();
        await Until.True(async () =>
        {
            await Task.Delay(200);
            log = SeatReplay.Parse(await period.Text($"/api/seats/{period.Code}/log.txt"));
            return log.Count(line => line.IsOutcome) >= period.Claims.Count;
        }, $"{period.Claims.Count} claims to be decided", seconds);
        var outcomes = log.Where(line => line.IsOutcome).ToList();
        Assert.Equal(Enumerable.Range(1, outcomes.Count).Select(number => (long?)number), outcomes.Select(line => line.Sequence));
        Assert.All(period.Claims, claim => Assert.Equal(claim.Choices, outcomes[(int)claim.Sequence - 1].Choices));
        Assert.Equal(period.Claims.Count, period.Claims.Select(claim => claim.Sequence).Distinct().Count());
        var bundle = await period.Bundle();
        Assert.Null(new SeatReplay(SecondDraw.Programmes(bundle.Programmes), SecondDraw.Results(bundle.Results), SecondDraw.Applications(bundle.Applications)).Run(log));
    }

    /// <summary>One e-mail for each receipt, for the close to each in the draw, for each result and for each line of the claim log: no fewer, and no more.</summary>
    public static async Task Everybody_is_told_once(WholeSystem system, TestPeriod period)
    {
        var results = SecondDraw.Results(await period.Text($"/api/draws/{period.Code}/results.txt")).Count;
        var log = SeatReplay.Parse(await period.Text($"/api/seats/{period.Code}/log.txt")).Count;
        var expected = period.Receipts.Distinct().Count() + results + results + log;
        var addresses = period.Teachers.Select(number => $"t{number}@sch.test").ToHashSet();
        var delivered = 0;
        await Until.True(async () =>
        {
            await Task.Delay(500); // the catcher is asked for every mail it has
            delivered = (await system.Mail.CountByAddress(0)).Where(mail => addresses.Contains(mail.Key)).Sum(mail => mail.Value);
            return delivered >= expected;
        }, $"{expected} e-mails", 240);
        await Task.Delay(1000); // a repeat would come now
        delivered = (await system.Mail.CountByAddress(0)).Where(mail => addresses.Contains(mail.Key)).Sum(mail => mail.Value);
        Assert.Equal(expected, delivered);
    }
}
