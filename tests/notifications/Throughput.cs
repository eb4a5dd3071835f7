using System.Diagnostics;
using System.Net.Sockets;
using EPimorfosi.Tests.Servers;
using MailKit.Net.Smtp;

namespace EPimorfosi.Notifications.Tests;

/// <summary>Asked for by name (<c>-explicit only</c>): how fast results go out, against a bare loop that sends the same bytes over one connection.</summary>
public class Throughput
{
    const int Mails = 5000;

    [Fact(Explicit = true)]
    public async Task Thousands_of_results_go_out_once_each_and_the_rate_is_told()
    {
        await using var office = await PostOffice.Open();
        await office.Smtp.Die();
        int[] teachers = [.. Enumerable.Range(1, Mails)];
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished);
        foreach (var some in teachers.Chunk(500))
        {
            await office.Tell(Given.Contacts(some), Given.Holders(some), Given.Outcomes([.. some.Select(n => Given.Placed(n))]));
        }
        await office.UntilCount("Pending", Mails, seconds: 120);
        await Until.True(async () => (long)(await office.Scalar("select count(*) from inbox"))! == 2 + (3 * Mails / 500), "all told", seconds: 60);

        office.Smtp.Return();
        await office.UntilMails(1, seconds: 60);
        var service = Stopwatch.StartNew();
        await office.UntilCount("Sent", Mails, seconds: 300);
        service.Stop();

        var sent = office.Smtp.Mails.Select(m => m.Mime).ToList();
        var bare = Stopwatch.StartNew();
        using (var client = new SmtpClient())
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", office.Smtp.Port, TestContext.Current.CancellationToken);
            await client.ConnectAsync(socket, "127.0.0.1", office.Smtp.Port, MailKit.Security.SecureSocketOptions.None, TestContext.Current.CancellationToken);
            foreach (var mail in sent)
            {
                await client.SendAsync(mail, TestContext.Current.CancellationToken);
            }
        }
        bare.Stop();
        Console.WriteLine($"{Mails} mails: service {Mails / service.Elapsed.TotalSeconds:N0}/s, bare loop {Mails / bare.Elapsed.TotalSeconds:N0}/s");

        Assert.Equal(Mails, sent.Select(m => m.MessageId).Distinct().Count());
    }
}
