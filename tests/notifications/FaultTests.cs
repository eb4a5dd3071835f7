using System.Net;
using System.Text.Json;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Notifications.Tests;

/// <summary>What the other side may do, and what becomes of the messages.</summary>
public class FaultTests
{
    [Fact]
    public async Task A_temporary_refusal_is_tried_again_and_succeeds()
    {
        await using var office = await PostOffice.Open();
        office.Smtp.Treat = (_, before) => before < 2 ? new(Recipient: "450 mailbox busy") : new();
        await office.TellBasics(1);

        await office.Tell(Given.Received(1, 1));

        await office.UntilCount("Sent", 1);
        var line = (await office.Get("/api/messages")).GetProperty("items")[0];
        Assert.Equal(3, line.GetProperty("attempts").GetInt32());
        Assert.Single(office.Smtp.Mails);
    }

    [Theory]
    [InlineData("550 no such person", null)]
    [InlineData(null, "554 refused for its content")]
    public async Task A_permanent_refusal_is_seen_by_the_office_which_may_send_again(string? recipient, string? content)
    {
        await using var office = await PostOffice.Open();
        office.Smtp.Treat = (to, before) => to == Given.Address(1) && before == 0 ? new(recipient, content) : new();
        await office.TellBasics(1, 2);
        await office.Tell(Given.Received(1, 1, 2));
        await office.UntilCount("Failed", 1);
        await office.UntilCount("Sent", 1); // the other one is not held up

        var failed = (await office.Get($"/api/messages?state=failed&q={Given.Ticket(1)}")).GetProperty("items")[0];
        Assert.Contains((recipient ?? content)![4..], failed.GetProperty("error").GetString(), StringComparison.Ordinal);
        var again = $"/api/messages/{failed.GetProperty("id").GetString()}/retry";
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").PostAsync(again, null)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await office.Service.As("office").PostAsync(again, null)).StatusCode);

        await office.UntilCount("Sent", 2);
        var refused = await office.Service.As("office", language: "en").PostAsync(again, null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("urn:epimorfosi:problem:not-failed", problem.GetProperty("type").GetString());
        Assert.Equal("Only a message that failed can be sent again.", problem.GetProperty("title").GetString());
    }

    [Fact]
    public async Task While_the_mail_server_is_dead_nothing_is_lost_and_no_attempt_is_used_up()
    {
        await using var office = await PostOffice.Open();
        await office.Smtp.Die();
        await office.TellBasics(1, 2, 3);
        await office.Tell(Given.Received(1, 1, 2, 3));
        await office.UntilCount("Pending", 3);
        Assert.Equal(3, (await office.Get("/api/messages/summary")).GetProperty("byState").GetProperty("Pending").GetInt32());

        office.Smtp.Return();

        await office.UntilCount("Sent", 3);
        Assert.Equal(3, office.Smtp.Mails.Count);
        Assert.Equal(1, (int)(await office.Scalar("select max(attempts) from messages"))!);
    }

    [Theory]
    [InlineData("hangs up before it answers")]
    [InlineData("hangs up in the content")]
    [InlineData("421")]
    public async Task A_connection_that_breaks_costs_at_most_one_repeat_with_the_same_id(string how)
    {
        await using var office = await PostOffice.Open();
        office.Smtp.Treat = (to, before) => to != Given.Address(3) || before > 0 ? new() : how switch
        {
            "421" => new(Recipient: "421 going down"),
            "hangs up in the content" => new(HangUpInContent: true),
            _ => new(HangUp: true),
        };
        int[] teachers = [1, 2, 3, 4, 5, 6];
        await office.TellBasics(teachers);

        await office.Tell(Given.Received(1, teachers));

        await office.UntilCount("Sent", teachers.Length);
        var mails = office.Smtp.Mails.ToLookup(m => m.To);
        Assert.All(teachers.Where(n => n != 3), n => Assert.Single(mails[Given.Address(n)]));
        Assert.Equal(how == "hangs up before it answers" ? 2 : 1, mails[Given.Address(3)].Count());
        Assert.Single(mails[Given.Address(3)].Select(m => m.Mime.MessageId).Distinct());
    }

    [Fact]
    public async Task What_a_sender_held_when_it_died_is_taken_by_another_when_its_time_is_over()
    {
        await using var office = await PostOffice.Open(more: ("Sending:Workers", "0"));
        await office.TellBasics(1);
        await office.Tell(Given.Received(1, 1));
        await office.UntilCount("Pending", 1);
        await using var source = NpgsqlDataSource.Create(office.Service.Database);
        var due = new DueMessages(source);

        Assert.Single(await Take());

        Assert.Empty(await Take());
        await Until.True(async () => (await Take()).Count == 1, "the lease to be over", seconds: 10);

        async Task<List<DueMessage>> Take() => await due.Take(Channel.Email, 10, await due.Lease(TimeSpan.FromSeconds(2), default), default);
    }

    [Fact]
    public async Task What_was_taken_in_vain_does_not_wait_for_the_end_of_its_lease()
    {
        await using var office = await PostOffice.Open();
        await office.TellBasics(1);
        await using var source = NpgsqlDataSource.Create(office.Service.Database);
        await Run("alter table programmes rename to away"); // what a sender reads once it has taken a message
        await office.Tell(Given.Received(1, 1));
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Empty(office.Smtp.Mails);

        await Run("alter table away rename to programmes");

        await office.UntilCount("Sent", 1, seconds: 30); // the lease is two minutes

        async Task Run(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Given_back_is_what_was_taken_and_not_marked_since()
    {
        await using var office = await PostOffice.Open(more: ("Sending:Workers", "0"));
        await office.TellBasics(1, 2, 3);
        await office.Tell(Given.Received(1, 1, 2, 3));
        await office.UntilCount("Pending", 3);
        await using var source = NpgsqlDataSource.Create(office.Service.Database);
        var due = new DueMessages(source);
        var lease = await due.Lease(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var taken = await due.Take(Channel.Email, 10, lease, TestContext.Current.CancellationToken);
        await due.MarkRetry(taken[0].Id, "450", TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        await due.Release(Channel.Email, lease, TestContext.Current.CancellationToken);

        var again = await due.Take(Channel.Email, 10, await due.Lease(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Equal(taken.Skip(1).Select(message => message.Id), again.Select(message => message.Id));
    }

    [Fact]
    public async Task A_slow_mail_server_is_given_up_in_time_and_asked_again()
    {
        await using var office = await PostOffice.Open(more: ("Sending:Timeout", "00:00:01"));
        office.Smtp.Treat = (_, before) => before == 0 ? new(Pause: TimeSpan.FromSeconds(20)) : new();
        await office.TellBasics(1);

        await office.Tell(Given.Received(1, 1));

        await office.UntilCount("Sent", 1, seconds: 15);
    }

    [Fact]
    public async Task A_mail_server_that_takes_connections_and_says_nothing_uses_up_no_attempt()
    {
        await using var office = await PostOffice.Open(more: ("Sending:Timeout", "00:00:01"));
        office.Smtp.Silent = true;
        await office.TellBasics(1, 2);
        await office.Tell(Given.Received(1, 1, 2));
        await Until.True(() => office.Smtp.Connections >= 2, "the silent server to be asked");
        Assert.Equal(2, await office.Count("Pending")); // and the events are taken in meanwhile

        office.Smtp.Silent = false;

        await office.UntilCount("Sent", 2);
        Assert.Equal(2, office.Smtp.Mails.Count);
        Assert.Equal(1, (int)(await office.Scalar("select max(attempts) from messages"))!);
    }

    [Fact]
    public async Task First_a_temporary_and_then_a_permanent_refusal_is_final()
    {
        await using var office = await PostOffice.Open();
        office.Smtp.Treat = (_, before) => new(Recipient: before == 0 ? "451 greylisted, come again" : "550 no such person");
        await office.TellBasics(1);

        await office.Tell(Given.Received(1, 1));

        await office.UntilCount("Failed", 1);
        Assert.Equal(2, (int)(await office.Scalar("select attempts from messages"))!);
        Assert.Empty(office.Smtp.Mails);
    }

    [Fact]
    public async Task An_address_that_is_none_fails_its_own_message_only()
    {
        await using var office = await PostOffice.Open();
        await office.TellBasics(2);
        await office.Tell(new Contracts.Applications.TeachersChanged([Given.Contact(1) with { Email = "not an address" }]), Given.Holders(1));

        await office.Tell(Given.Received(1, 1, 2));

        await office.UntilCount("Failed", 1);
        await office.UntilCount("Sent", 1);
    }
}
