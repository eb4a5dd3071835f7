using EPimorfosi.Notifications.Sending;

namespace EPimorfosi.Notifications.Tests;

/// <summary>How fast it may go, in all and to one domain, whatever the number of replicas.</summary>
public class RateTests
{
    static readonly DateTimeOffset Noon = Given.At("2023-01-23T12:00:00Z");

    [Theory]
    [InlineData(5, 0, 10, 5)]
    [InlineData(5, 0, 3, 3)]
    [InlineData(5, 0.4, 10, 5)]
    [InlineData(5, 3600, 10, 5)]
    [InlineData(0.1, 0, 10, 1)]
    public void A_bucket_holds_what_a_second_gives_and_at_least_one(double perSecond, double seconds, int wanted, int granted)
    {
        var rate = new Rate { Scope = "Email", Tokens = Math.Max(1, perSecond), At = Noon };

        Assert.Equal(granted, rate.Take(wanted, perSecond, Noon.AddSeconds(seconds)));
    }

    [Fact]
    public void An_empty_bucket_fills_at_its_rate()
    {
        var rate = new Rate { Scope = "Email", Tokens = 4, At = Noon };
        Assert.Equal(4, rate.Take(9, 4, Noon));
        Assert.Equal(0, rate.Take(9, 4, Noon.AddMilliseconds(200)));
        Assert.Equal(2, rate.Take(9, 4, Noon.AddMilliseconds(500)));
        Assert.Equal(0, rate.Take(9, 4, Noon.AddMilliseconds(100))); // a clock that goes back gives nothing
    }

    [Fact]
    public async Task A_domain_with_a_limit_waits_and_holds_nobody_else_up()
    {
        await using var office = await PostOffice.Open(more: [("Sending:Domains:slow.example", "0.01"), ("Sending:EmailPerSecond", "1000")]);
        await using var second = await office.Service.Again();
        int[] teachers = [.. Enumerable.Range(1, 40)];
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(teachers),
            new Contracts.Applications.TeachersChanged([.. teachers.Select(n => Given.Contact(n) with { Email = n <= 20 ? $"t{n}@SLOW.example" : Given.Address(n) })]));

        await office.Tell(Given.Received(1, teachers));

        await office.UntilMails(21);
        await office.UntilCount("Sent", 21);
        Assert.Equal(20, office.Smtp.Mails.Count(m => m.To.EndsWith("@example.gr", StringComparison.Ordinal)));
        Assert.Equal(19, await office.Count("Pending"));
        Assert.Equal(0, (int)(await office.Scalar("select max(attempts) from messages where state = 'Pending'"))!);
    }
}
