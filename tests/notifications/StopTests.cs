using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Notifications.Tests;

/// <summary>A process that is asked to stop ends in seconds, whatever the mail server does, and nothing is lost by it.</summary>
public class StopTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_stop_does_not_wait_for_a_mail_server_that_hangs_and_what_was_under_way_goes_out_later()
    {
        await using var smtp = SmtpPeer.Start();
        await using var host = await Broker.NewVirtualHostAsync(TestContext.Current.CancellationToken);
        var database = await PostgresServer.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await using var probe = await BusProbe.Start(host.Amqp);
        using var service = new ServiceProcess(new Dictionary<string, string>
        {
            ["ConnectionStrings:Database"] = database,
            ["ConnectionStrings:Bus"] = host.Amqp,
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = $"{smtp.Port}",
            ["Sending:Poll"] = "00:00:00.050",
            ["Sending:Batch"] = "1",
            ["Sending:Retry"] = "00:00:01",
        });
        smtp.Treat = (_, before) => before == 0 ? new(Pause: TimeSpan.FromMinutes(5)) : new();
        await service.Start();
        await using var source = NpgsqlDataSource.Create(database);
        await ServiceProcess.UntilHeard(probe, source);
        foreach (var told in (object[])[Given.ProgrammesPublished, Given.Contacts(1, 2, 3), Given.Holders(1, 2, 3), Given.Received(1, 1, 2, 3)])
        {
            await probe.Publish(told);
        }
        await Until.True(() => smtp.Mails.Count == 2, "a mail of each of two workers to hang");

        await service.Stop(Soon);

        Assert.Equal(0, service.ExitCode);
        smtp.Treat = (_, _) => new();
        await service.Start();
        await using var sent = source.CreateCommand("select count(*) from messages where state = 'Sent'");
        await Until.True(async () => (long)(await sent.ExecuteScalarAsync())! == 3, "all to be sent");
        Assert.Equal(3, smtp.Mails.Select(m => m.Mime.MessageId).Distinct().Count());
        Assert.InRange(smtp.Mails.Count, 3, 5); // the two that hung were taken by the mail server, and come again under their own name
    }
}
