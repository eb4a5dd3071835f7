using System.Net;
using System.Text;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Tests.Servers;
using MimeKit;

namespace EPimorfosi.Notifications.Tests;

/// <summary>What comes back: which message it was, and who is not written to any more.</summary>
public sealed class BounceTests : IAsyncLifetime
{
    const string Secret = "between the mail server and us";
    PostOffice office = null!;

    public async ValueTask InitializeAsync() => office = await PostOffice.Open(null, ("Incoming:Secret", Secret), ("Smtp:ReturnPath", "bounces@epimorfosi.example"));

    public ValueTask DisposeAsync() => office.DisposeAsync();

    [Theory]
    [InlineData("return path")]
    [InlineData("returned mail")]
    [InlineData("returned headers")]
    public async Task What_came_back_is_marked_and_its_address_not_written_to_until_it_is_corrected(string how)
    {
        var mail = await SendOne();
        var bounce = Report(mail, "failed", "5.1.1", how);

        Assert.Equal(HttpStatusCode.NoContent, await Post(bounce));
        Assert.Equal(HttpStatusCode.NoContent, await Post(bounce)); // the same again

        await office.UntilCount("Bounced", 1);
        var listed = (await office.Get("/api/messages/suppressions")).GetProperty("items")[0];
        Assert.Equal((Given.Address(1), "bounce"), (listed.GetProperty("address").GetString(), listed.GetProperty("cause").GetString()));

        await office.Tell(Given.Received(2, 1));
        await office.UntilCount("Suppressed", 1);
        Assert.Single(office.Smtp.Mails);

        await office.Tell(new TeachersChanged([Given.Contact(1, version: 2) with { FirstName = "Άννα" }])); // another fact, the same address
        await office.Tell(new TeachersChanged([Given.Contact(1, version: 3) with { Email = "right@example.gr" }]));

        await office.UntilCount("Sent", 2);
        Assert.Equal(["right@example.gr", "right@example.gr"], office.Smtp.Mails.Skip(1).Select(m => m.To));

        var path = $"/api/messages/suppressions/{Uri.EscapeDataString(Given.Address(1))}";
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.As("office").DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await office.Service.As("office").DeleteAsync(path)).StatusCode);
        Assert.Equal(Given.Address(1), (await office.Get("/api/audit?act=suppression.lifted"))[0].GetProperty("subject").GetString());
    }

    [Theory]
    [InlineData("delayed", "4.2.2", "Sent", 0)]
    [InlineData("failed", "5.2.2", "Bounced", 0)] // a full box is not a dead one
    [InlineData("failed", "4.4.7", "Bounced", 0)]
    [InlineData("failed", "5.1.1", "Bounced", 1)]
    public async Task A_delay_a_full_box_and_a_dead_address_are_told_apart(string action, string status, string state, int suppressed)
    {
        var mail = await SendOne();

        await Post(Report(mail, action, status, "return path"));

        await office.UntilCount(state, 1);
        Assert.Equal((long)suppressed, await office.Scalar("select count(*) from suppressions"));
    }

    /// <summary>Its link is gone from the row: sent again it would be a letter without one.</summary>
    [Fact]
    public async Task A_letter_with_a_link_that_came_back_is_not_sent_again_and_holds_nobody_up()
    {
        await office.TellBasics(1);
        await office.Tell(Given.Invitation("000001", null));
        await office.UntilCount("Sent", 1);
        await Post(Report(office.Smtp.Mails.Single(), "failed", "5.1.1", "return path"));
        await office.UntilCount("Bounced", 1);
        var id = (await office.Get("/api/messages?state=bounced")).GetProperty("items")[0].GetProperty("id").GetString();
        var refused = await office.Service.As("office").PostAsync($"/api/messages/{id}/retry", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("link-not-kept", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await office.Tell(new TeachersChanged([Given.Contact(1, version: 2) with { Email = "right@example.gr" }]));
        await office.UntilCount("Failed", 1);
        await office.Tell(Given.Received(1, 1));
        await office.UntilCount("Sent", 1);

        Assert.Equal([Given.Address(1), "right@example.gr"], office.Smtp.Mails.Select(m => m.To));
        Assert.Contains("not kept", (await office.Get($"/api/messages/{id}")).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    /// <summary>As a replica of an older version would see it, in the middle of an upgrade.</summary>
    [Fact]
    public async Task A_message_of_an_unknown_kind_waits_and_holds_nobody_up()
    {
        await office.TellBasics(1, 2);
        await office.Service.Bus.Publish(Given.Received(1, 1));
        await office.UntilCount("Sent", 1);
        await office.Scalar("update messages set kind = 'NotYetInvented', state = 'Pending', due_at = now(), sent_at = null returning 1");
        await office.Tell(Given.Received(1, 2));

        await office.UntilCount("Sent", 1);
        Assert.Equal(1L, await office.Scalar("select count(*) from messages where state = 'Pending' and error like '%NotYetInvented%' and due_at > now()"));
        await office.Scalar("update messages set kind = 'Received', due_at = now() where state = 'Pending' returning 1");
        await office.UntilCount("Sent", 2);
    }

    [Fact]
    public async Task A_report_that_is_made_up_silences_nobody()
    {
        var mail = await SendOne();

        await Post(Report(mail, "failed", "5.1.1", "return path", of: "somebody.else@example.gr"));
        await Post(Report(new(mail.From.Replace(mail.Mime.MessageId!.Split('@')[0], Guid.NewGuid().ToString("N"), StringComparison.Ordinal), mail.To, mail.Raw), "failed", "5.1.1", "return path"));

        Assert.Equal(1, await office.Count("Sent"));
        Assert.Equal(0L, await office.Scalar("select count(*) from suppressions"));
    }

    [Fact]
    public async Task Only_a_signed_call_of_these_minutes_is_believed()
    {
        var bounce = Report(await SendOne(), "failed", "5.1.1", "return path");
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(bounce, secret: "guessed"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(bounce, ago: TimeSpan.FromMinutes(10)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await office.Service.Anyone().PostAsync("/api/messages/incoming", new ByteArrayContent(bounce))).StatusCode);
        Assert.Equal(1, await office.Count("Sent"));
    }

    [Fact]
    public async Task A_complaint_is_the_end_of_writing_until_the_office_strikes_it_off()
    {
        var mail = await SendOne();
        await Post(Complaint(mail));
        await office.UntilCount("Bounced", 1);
        await office.Tell(Given.Received(2, 1));
        await office.UntilCount("Suppressed", 1);

        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").DeleteAsync($"/api/messages/suppressions/{Given.Address(1)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.As("office").DeleteAsync($"/api/messages/suppressions/{Given.Address(1)}")).StatusCode);

        await office.UntilCount("Sent", 1);
        Assert.Equal(HttpStatusCode.NotFound, (await office.Service.As("office").DeleteAsync($"/api/messages/suppressions/{Given.Address(1)}")).StatusCode);
    }

    [Fact]
    public async Task A_mailbox_is_read_mail_by_mail_whatever_is_in_it()
    {
        using var mailbox = ImapPeer.Start();
        await using var other = await PostOffice.Open(null, ("Imap:Host", "127.0.0.1"), ("Imap:Port", $"{mailbox.Port}"), ("Imap:UseTls", "false"),
            ("Imap:User", "bounces"), ("Imap:Password", "s3cret"), ("Imap:Poll", "00:00:00.100"), ("Smtp:ReturnPath", "bounces@epimorfosi.example"));
        await other.TellBasics(1);
        await other.Tell(Given.Received(1, 1));
        await other.UntilCount("Sent", 1);

        mailbox.Deliver("From: anna@example.gr\r\nTo: nobody@epimorfosi.example\r\n\r\nhello"u8.ToArray());
        mailbox.Deliver(Report(other.Smtp.Mails.Single(), "failed", "5.1.1", "return path"));

        await other.UntilCount("Bounced", 1);
        await Until.True(() => mailbox.Seen == 2, "both to be marked as seen");
    }

    async Task<ReceivedMail> SendOne()
    {
        await office.TellBasics(1);
        await office.Tell(Given.Received(1, 1));
        await office.UntilCount("Sent", 1);
        return office.Smtp.Mails.Single();
    }

    async Task<HttpStatusCode> Post(byte[] mail, string secret = Secret, TimeSpan ago = default)
    {
        var at = (DateTimeOffset.UtcNow - ago).ToUnixTimeSeconds();
        using var content = new ByteArrayContent(mail);
        content.Headers.ContentType = new("message/rfc822");
        content.Headers.Add("X-Signature", $"t={at},v1={Signature.Of(mail, at, secret)}");
        return (await office.Service.Anyone().PostAsync("/api/messages/incoming", content)).StatusCode;
    }

    static byte[] Report(ReceivedMail sent, string action, string status, string how, string? of = null) => Encoding.Latin1.GetBytes($"""
        Return-Path: <>
        From: Mail Delivery System <MAILER-DAEMON@mx.example.gr>
        To: <{(how == "return path" ? sent.From : "no-reply@epimorfosi.example")}>
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        I am sorry.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.gr

        Final-Recipient: rfc822; {of ?? sent.To}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {status} no such person

        --b
        {how switch
    {
        "returned mail" => $"Content-Type: message/rfc822\n\n{Encoding.Latin1.GetString(sent.Raw)}",
        "returned headers" => $"Content-Type: text/rfc822-headers\n\nSubject: x\nMessage-Id: <{sent.Mime.MessageId}>\n",
        _ => "Content-Type: text/plain\n\nnothing returned\n",
    }}
        --b--
        """.ReplaceLineEndings("\r\n"));

    static byte[] Complaint(ReceivedMail sent) => Encoding.Latin1.GetBytes($"""
        From: fbl@provider.example
        To: no-reply@epimorfosi.example
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"

        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        Version: 1
        User-Agent: Provider/1.0

        --b
        Content-Type: text/rfc822-headers

        Message-Id: <{sent.Mime.MessageId}>

        --b--
        """.ReplaceLineEndings("\r\n"));
}
