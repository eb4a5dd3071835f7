using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Notifications.Tests;

/// <summary>kill -9 at each step of a mail: everybody is told, and at most the one under way is told twice, with the same Message-ID.</summary>
public class KilledTests
{
    internal const int Told = 120;
    static readonly string[] Steps = ["recipient", "content", "taken", "answered"];

    [Fact]
    public async Task A_process_killed_at_any_step_loses_nothing_and_repeats_one_at_most()
    {
        var mails = (await KillAtEachStep()).ToLookup(m => m.To);

        Assert.Equal(Enumerable.Range(1, Told).Select(Given.Address).Order(), mails.Select(m => m.Key).Order());
        // With `Unmarked` 1: killed before the content was in, nothing is repeated; after it, the one whose answer or mark was lost.
        Assert.InRange(mails.Sum(m => m.Count()) - Told, 1, 2);
        Assert.All(mails, one => Assert.Single(one.Select(m => m.Mime.MessageId).Distinct()));
    }

    /// <returns>All mail that arrived, once all is sent.</returns>
    internal static async Task<IReadOnlyList<ReceivedMail>> KillAtEachStep()
    {
        await using var smtp = SmtpPeer.Start();
        var database = await PostgresServer.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await using var host = await Broker.NewVirtualHostAsync(TestContext.Current.CancellationToken);
        var bus = host.Amqp;
        await using var probe = await BusProbe.Start(bus);
        using var service = new ServiceProcess(new Dictionary<string, string>
        {
            ["ConnectionStrings:Database"] = database,
            ["ConnectionStrings:Bus"] = bus,
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = $"{smtp.Port}",
            ["Sending:Workers"] = "1",
            ["Sending:Unmarked"] = "1",
            ["Sending:Batch"] = "10",
            ["Sending:Lease"] = "00:00:15",
            ["Sending:Timeout"] = "00:00:05",
            ["Sending:Poll"] = "00:00:00.050",
        });
        await service.Start();
        int[] teachers = [.. Enumerable.Range(1, Told)];
        var killed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (step, countdown) = (0, 15);
        smtp.At = async (at, _) =>
        {
            if (step < Steps.Length && at == Steps[step] && Interlocked.Decrement(ref countdown) == 0)
            {
                await service.Kill();
                killed.SetResult(at);
            }
        };
        await using var source = NpgsqlDataSource.Create(database);
        await ServiceProcess.UntilHeard(probe, source);
        foreach (var told in (object[])[Given.ProgrammesPublished, Given.Contacts(teachers), Given.Holders(teachers), Given.Received(1, teachers)])
        {
            await probe.Publish(told);
        }

        while (step < Steps.Length)
        {
            Assert.Equal(Steps[step], await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            (killed, countdown) = (new(TaskCreationOptions.RunContinuationsAsynchronously), 15);
            step++;
            service.Launch(); // what is due it sends at once, so the next kill may come before it is ready
        }

        await using var sent = source.CreateCommand("select count(*) from messages where state = 'Sent'");
        await Until.True(async () => (long)(await sent.ExecuteScalarAsync())! == teachers.Length, "all to be sent", 120);
        return smtp.Mails;
    }
}
