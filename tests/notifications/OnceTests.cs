using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Notifications.Tests;

/// <summary>R29: everybody is told, and once.</summary>
public class OnceTests
{
    [Fact]
    public async Task Events_that_come_twice_and_in_any_order_make_each_message_once()
    {
        await using var office = await PostOffice.Open();
        int[] teachers = [1, 2, 3, 4, 5];
        object[] events =
        [
            Given.PeriodChanged, Given.ProgrammesPublished, Given.Contacts(teachers), Given.Holders(teachers),
            Given.Received(1, teachers), Given.Received(2, 1, 2), Given.Withdrawn(3, 2),
            Given.Outcomes(Given.Placed(1), Given.Placed(3, provisional: true), Given.RunnerUp(4), Given.Unplaced(5)), Given.Results(4),
            Given.Seats(Given.Seat(1, 4, "waiting", null), Given.Seat(2, 5, "placed")), Given.Seats(Given.Seat(3, 1, "refused", null, "R21"), Given.Seat(4, 5, "released"), Given.Seat(5, 4, "promoted")),
            Given.Enrolment(1, true), Given.Enrolment(3, false), Given.Invitation(null, "kse@example.gr"),
        ];
        var twice = events.Concat(events).ToArray();
        new Random(7).Shuffle(twice);

        await office.Tell(twice);

        await office.UntilQuiet(twice.Length);
        var subjects = office.Smtp.Mails.GroupBy(m => m.To).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(new Dictionary<string, int>
        {
            [Given.Address(1)] = 5,
            [Given.Address(2)] = 3,
            [Given.Address(3)] = 3,
            [Given.Address(4)] = 4,
            [Given.Address(5)] = 4,
            ["kse@example.gr"] = 1,
        }, subjects);
        Assert.Equal(20, office.Smtp.Mails.Select(m => m.Mime.MessageId).Distinct().Count());
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
