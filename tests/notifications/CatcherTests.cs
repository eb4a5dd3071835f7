using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Tests.Servers;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace EPimorfosi.Notifications.Tests;

/// <summary>
/// A help-desk thread held by e-mail with the mail catcher that <c>./epimorfosi</c> runs, in the place of both mail servers: whoever asks reads their mail there and
/// answers it over SMTP, and what is addressed to the help desk is piped to us as a mail server's pipe does.
/// </summary>
public sealed class CatcherTests : IAsyncLifetime
{
    const string Secret = "between the mail server and us", Anna = "anna@example.gr";

    NativeMail catcher = null!;
    PostOffice office = null!;
    HttpClient web = null!;

    public async ValueTask InitializeAsync()
    {
        catcher = await NativeMail.StartNewAsync();
        web = new() { BaseAddress = catcher.Web };
        office = await PostOffice.Open(null, ("Smtp:Port", $"{catcher.Smtp}"), ("Incoming:Secret", Secret), ("HelpDesk:Address", "help@epimorfosi.example"));
    }

    public async ValueTask DisposeAsync()
    {
        await office.DisposeAsync();
        web.Dispose();
        await catcher.DisposeAsync();
    }

    [Fact]
    public async Task A_guest_and_the_office_talk_by_e_mail_through_the_catcher()
    {
        using var form = new MultipartFormDataContent { { new StringContent("Η εγγραφή μου"), "subject" }, { new StringContent("Πού τη βλέπω;"), "text" }, { new StringContent("Άννα"), "name" }, { new StringContent(Anna), "email" } };
        Assert.Equal(HttpStatusCode.Created, (await office.Service.Anyone().PostAsync("/api/help", form)).StatusCode);
        var word = (await Received(Anna, 1))[0].TextBody!.Split("/help/thread/")[1].Split('\r', '\n')[0];
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync($"/api/help/threads/{word}/confirm", null)).StatusCode);
        var id = (await office.Get("/api/help?state=Open")).GetProperty("items")[0].GetProperty("id").GetString();

        foreach (var (said, answered) in new[] { ("Στη σελίδα «Η αίτησή μου».", "Τη βρήκα. Και ώς πότε;"), ("Ώς τις 6 Φεβρουαρίου.", "Ευχαριστώ πολύ!") })
        {
            var before = (await List(Anna)).Count;
            Assert.Equal(HttpStatusCode.NoContent, (await office.Service.As("office").PostAsJsonAsync($"/api/help/{id}/answers", new DeskAnswer(said))).StatusCode);
            var mails = await Received(Anna, Math.Max(3, before + 1));
            await Reply(mails.Single(m => m.TextBody!.Contains(said, StringComparison.Ordinal)), answered);
            await Pipe();
        }

        var entries = (await office.Get($"/api/help/{id}")).GetProperty("thread").GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            [("Πού τη βλέπω;", false), ("Στη σελίδα «Η αίτησή μου».", false), ("Τη βρήκα. Και ώς πότε;", true), ("Ώς τις 6 Φεβρουαρίου.", false), ("Ευχαριστώ πολύ!", true)],
            entries.Select(e => (e.GetProperty("text").GetString()!, e.GetProperty("byMail").GetBoolean())));
        Assert.Single((await Received(Anna, 4)).Skip(1).Select(m => m.References.Single()).Distinct()); // one conversation in the reader's mail program
    }

    /// <summary>As a mail program answers: to the address asked for, with the mail quoted below.</summary>
    async Task Reply(MimeMessage to, string text)
    {
        var quoted = string.Join('\n', to.TextBody!.ReplaceLineEndings("\n").Split('\n').Select(line => $"> {line}"));
        using var reply = new MimeMessage { Subject = $"Re: {to.Subject}", InReplyTo = to.MessageId, Body = new TextPart("plain") { Text = $"{text}\n\nOn Mon, 23 Jan 2023 at 10:00, ePimorfosi wrote:\n{quoted}\n" } };
        reply.From.Add(new MailboxAddress("Άννα", Anna));
        reply.To.AddRange(to.ReplyTo);
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", catcher.Smtp, SecureSocketOptions.None);
        await client.SendAsync(reply);
        await client.DisconnectAsync(quit: true);
    }

    /// <summary>All that was addressed to the help desk, byte for byte, again and again: what was taken before changes nothing.</summary>
    async Task Pipe()
    {
        await Until.True(async () => (await List("help+")).Count > 0, "the answer to be at the catcher");
        foreach (var id in await List("help+"))
        {
            var (body, at) = (await Source(id), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            using var content = new ByteArrayContent(body) { Headers = { { "X-Signature", $"t={at},v1={Signature.Of(body, at, Secret)}" } } };
            Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync("/api/messages/incoming", content)).StatusCode);
        }
    }

    async Task<List<MimeMessage>> Received(string address, int count)
    {
        await Until.True(async () => (await List(address)).Count >= count, $"{count} mails to {address}");
        var mails = new List<MimeMessage>();
        foreach (var id in await List(address))
        {
            mails.Add(await MimeMessage.LoadAsync(new MemoryStream(await Source(id))));
        }
        return mails;
    }

    /// <summary>The ids of the mails to an address that contains this, the oldest first.</summary>
    async Task<List<string>> List(string address) =>
    [
        .. (await web.GetFromJsonAsync<JsonElement>("/api/email/summary?sort=asc&skip=0&limit=200")).GetProperty("items").EnumerateArray()
            .Where(mail => mail.GetProperty("to").EnumerateArray().Any(to => to.GetProperty("address").GetString()!.Contains(address, StringComparison.Ordinal)))
            .Select(mail => mail.GetProperty("id").GetString()!),
    ];

    Task<byte[]> Source(string id) => web.GetByteArrayAsync($"/api/email/{id}/source");
}
