using System.Globalization;
using System.Text;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Notifications.Tests;

/// <summary>
/// Asked for by name (<c>-explicit only</c>): each fault of a mail server, an SMS provider, the process and the broker, and how often each message arrived. The
/// table goes where <c>EPIMORFOSI_FAULTS_TABLE</c> says.
/// </summary>
public class FaultTable
{
    const int People = 40, Struck = 4;

    [Fact(Explicit = true)]
    public async Task Every_fault_is_survived_and_counted()
    {
        List<Row> rows =
        [
            await Mail("mail server refuses connections, then returns", office => office.Smtp.Die(), office => office.Smtp.Return()),
            await Mail("mail server takes connections and says nothing, then answers", Do(office => office.Smtp.Silent = true), office => office.Smtp.Silent = false, asked: true),
            await Mail($"connection closes in the content of {Struck} mails", Treat((_, _) => new(HangUpInContent: true))),
            await Mail($"mail server takes {Struck} mails and dies before it answers", Treat((_, _) => new(HangUp: true))),
            await Mail($"mail server hangs after the content of {Struck} mails", Treat((_, _) => new(Pause: TimeSpan.FromMinutes(1)))),
            await Mail($"421 to {Struck} recipients: the server goes down", Treat((_, _) => new(Recipient: "421 going down"))),
            await Mail("4xx to everybody at first", Do(office => office.Smtp.Treat = (_, before) => before == 0 ? new(Recipient: "450 come again") : new())),
            await Mail($"4xx and then 5xx to {Struck}", Do(office => office.Smtp.Treat = (to, before) => Hit(to) ? new(Recipient: before == 0 ? "451 come again" : "550 no such person") : new()), failed: Struck),
            await Sms($"SMS provider gives no answer in time to {Struck}", (n, before) => (202, "{}", n <= Struck && before == 0 ? TimeSpan.FromSeconds(20) : default)),
            await Sms($"SMS provider answers 429 to {Struck}", (n, before) => (n <= Struck && before == 0 ? 429 : 202, "{}", default)),
            await Sms($"SMS provider answers 500 to {Struck}", (n, before) => (n <= Struck && before == 0 ? 500 : 202, "{}", default)),
            await Sms("SMS provider's answers make no sense", (_, _) => (200, "<html>", default)),
            Row.Of("process killed (-9) at each of four steps of a mail", KilledTests.Told, (await KilledTests.KillAtEachStep()).Select(m => m.Mime.MessageId!), 0),
            await Redelivery(),
        ];
        var table = new StringBuilder("| fault | messages | arrived once | arrived twice | lost | failed, and the office sees it |\n|---|---|---|---|---|---|\n");
        rows.ForEach(row => table.Append(row));
        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable("EPIMORFOSI_FAULTS_TABLE") ?? "mail-faults.md", $"{table}", TestContext.Current.CancellationToken);
        Console.Write(table);

        Assert.All(rows, row => Assert.Equal((0, 0), (row.Lost, row.More)));

        Func<PostOffice, Task> Treat(Func<string, int, Treatment> how) => Do(office => office.Smtp.Treat = (to, before) => Hit(to) && before == 0 ? how(to, before) : new());
        static Func<PostOffice, Task> Do(Action<PostOffice> act) => office =>
        {
            act(office);
            return Task.CompletedTask;
        };
    }

    static bool Hit(string address) => Enumerable.Range(1, Struck).Any(n => address == Given.Address(n * 10));

    static async Task<Row> Mail(string fault, Func<PostOffice, Task> strike, Action<PostOffice>? end = null, bool asked = false, int failed = 0)
    {
        await using var office = await PostOffice.Open(null, ("Sending:Timeout", "00:00:01"));
        await strike(office);
        int[] people = [.. Enumerable.Range(1, People)];
        await office.TellBasics(people);
        await office.Tell(Given.Received(1, people));
        if (end is not null)
        {
            await office.UntilCount("Pending", People);
            await Until.True(() => !asked || office.Smtp.Connections >= 2, "the silent server to be asked");
            end(office);
        }
        await office.UntilCount("Sent", People - failed, seconds: 60);
        await office.UntilCount("Failed", failed);
        return Row.Of(fault, People, office.Smtp.Mails.Select(m => m.Mime.MessageId!), await office.Count("Failed"));
    }

    static async Task<Row> Sms(string fault, Func<int, int, (int, string, TimeSpan)> treat)
    {
        await using var provider = await SmsPeer.Start();
        provider.Treat = treat;
        await using var office = await PostOffice.Open(null, ("Sms:Url", provider.Address), ("Sending:Timeout", "00:00:01"));
        int[] people = [.. Enumerable.Range(1, People)];
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(people), new Contracts.Applications.TeachersChanged([.. people.Select(n => Given.Contact(n, mobile: $"+3069000000{n:00}"))]), Given.Received(1, people));
        await office.UntilCount("Sent", 2 * People, seconds: 120);
        return Row.Of(fault, People, provider.Arrived, await office.Count("Failed"));
    }

    static async Task<Row> Redelivery()
    {
        await using var office = await PostOffice.Open();
        object[] events = [.. Given.Day];
        for (var times = 1; times <= 3; times++)
        {
            await office.Tell(events);
            await office.UntilQuiet(times * events.Length, seconds: 60);
        }
        return Row.Of("RabbitMQ delivers all of a day's events three times", (int)(long)(await office.Scalar("select count(*) from messages"))!, office.Smtp.Mails.Select(m => m.Mime.MessageId!), 0);
    }

    sealed record Row(string Fault, int Messages, int Once, int Twice, int More, int Failed)
    {
        public int Lost => Messages - Once - Twice - More - Failed;

        public static Row Of(string fault, int messages, IEnumerable<string> arrived, int failed)
        {
            var times = arrived.GroupBy(id => id).Select(g => g.Count()).ToList();
            return new(fault, messages, times.Count(n => n == 1), times.Count(n => n == 2), times.Count(n => n > 2), failed);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"| {Fault} | {Messages} | {Once} | {Twice} | {Lost} | {Failed} |\n");
    }
}
