using EPimorfosi.Notifications.Messages;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Notifications.Tests;

/// <summary>R29: everybody is told, and once.</summary>
public class OnceTests
{
    /// <summary>A whole day of the bus again: every kind of message that an event causes, by e-mail and by SMS.</summary>
    [Fact]
    public async Task A_day_s_events_that_come_again_and_in_any_order_make_each_message_once()
    {
        await using var provider = await SmsPeer.Start();
        await using var office = await PostOffice.Open(null, ("Sms:Url", provider.Address), ("Office:Email", Given.Office));
        var events = Given.Day.ToArray();
        var day = events.Concat(events).ToArray();
        new Random(7).Shuffle(day);
        await office.Tell(day);
        await office.UntilQuiet(day.Length, seconds: 60);
        var (mails, texts) = (office.Smtp.Mails.Count, provider.Taken);
        var kinds = await office.Column("select distinct kind from messages");
        string[] noEvent = [nameof(MessageKind.Announcement), nameof(MessageKind.OfficeDigest), .. Enum.GetNames<MessageKind>().Where(k => k.StartsWith("Question", StringComparison.Ordinal))];
        Assert.Equal(Enum.GetNames<MessageKind>().Except(noEvent).Order(), kinds.Order()); // a new kind belongs into the day

        await office.Tell(events); // the broker was restored from the morning's copy

        await office.UntilQuiet(day.Length + events.Length, seconds: 60);
        Assert.Equal((mails, texts), (office.Smtp.Mails.Count, provider.Taken));
        Assert.Equal((long)mails, await office.Scalar("select count(*) from messages where channel = 'Email'"));
        Assert.Equal(mails, office.Smtp.Mails.Select(m => m.Mime.MessageId).Distinct().Count());
        Assert.Equal((long)texts, await office.Scalar("select count(*) from messages where channel = 'Sms' and state = 'Sent'"));
        int[] known = [1, 3, 4, 5, 6]; // of the second it depends on the order whether the close was heard of before the withdrawal
        Assert.Equal([6, 7, 7, 9, 2], known.Select(n => office.Smtp.Mails.Count(m => m.To == Given.Address(n))));
    }

    [Fact]
    public async Task Two_replicas_share_the_work_and_nobody_hears_twice()
    {
        await using var office = await PostOffice.Open(more: ("Sending:Batch", "10"));
        await using var second = await office.Service.Again();
        int[] teachers = [.. Enumerable.Range(1, 400)];
        await office.TellBasics(teachers);

        await office.Tell(Given.Received(1, teachers));

        await office.UntilCount("Sent", teachers.Length);
        Assert.Equal(teachers.Select(Given.Address).Order(), office.Smtp.Mails.Select(m => m.To).Order());
        Assert.InRange(office.Smtp.Connections, 2, 4); // each worker keeps one open, and there are four
    }

    [Fact]
    public async Task A_result_known_before_its_holder_waits_and_says_so()
    {
        await using var office = await PostOffice.Open();
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Outcomes(Given.Placed(1), Given.Unplaced(2)));
        await office.UntilCount("WaitingForContact", 2);
        Assert.Equal(2, (await office.Get("/api/messages?state=waitingForContact")).GetProperty("total").GetInt32());

        await office.Tell(Given.Holders(1, 2));
        await office.Tell(Given.Contacts(2));
        await office.UntilMails(1, seconds: 10); // woken, long before it would look again by itself
        await office.Tell(Given.Contacts(1));
        await office.UntilMails(2, seconds: 10);

        Assert.Equal([Given.Address(1), Given.Address(2)], office.Smtp.Mails.Select(m => m.To).Order());
    }

    [Fact]
    public async Task A_receipt_that_names_a_programme_not_yet_known_waits_for_the_catalogue()
    {
        await using var office = await PostOffice.Open();
        await office.Tell(Given.PeriodChanged, Given.Contacts(1), Given.Holders(1), Given.Received(1, 1));
        await office.UntilCount("WaitingForCatalogue", 1);

        await office.Tell(Given.ProgrammesPublished);

        await office.UntilMails(1, seconds: 10);
        Assert.Contains(Given.Online.Title, office.Smtp.Mails.Single().Mime.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_contact_wins_in_whatever_order_they_arrive()
    {
        await using var office = await PostOffice.Open();
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(1));
        await office.Tell(
            new Contracts.Applications.TeachersChanged([Given.Contact(1, version: 3) with { Email = "new@example.gr" }]),
            new Contracts.Applications.TeachersChanged([Given.Contact(1, version: 2) with { Email = "old@example.gr" }]));
        await Until.True(async () => (long)(await office.Scalar("select count(*) from inbox"))! == 5, "five events taken in");

        await office.Tell(Given.Received(1, 1));

        await office.UntilMails(1);
        Assert.Equal("new@example.gr", office.Smtp.Mails.Single().To);
    }
}
