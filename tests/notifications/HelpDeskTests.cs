using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Tests.Servers;
using MimeKit;

namespace EPimorfosi.Notifications.Tests;

/// <summary>A question and its answers, on the web and by e-mail.</summary>
public sealed class HelpDeskTests : IAsyncLifetime
{
    const string Secret = "between the mail server and us";
    readonly ImapPeer mailbox = ImapPeer.Start();
    PostOffice office = null!;

    public async ValueTask InitializeAsync() => office = await PostOffice.Open(
        null, ("Incoming:Secret", Secret), ("HelpDesk:Address", "help@epimorfosi.example"), ("HelpDesk:MostAnHour", "6"),
        ("Imap:Host", "127.0.0.1"), ("Imap:Port", $"{mailbox.Port}"), ("Imap:UseTls", "false"), ("Imap:User", "help"), ("Imap:Password", "s3cret"), ("Imap:Poll", "00:00:00.100"));

    public ValueTask DisposeAsync()
    {
        mailbox.Dispose();
        return office.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thread_is_held_by_e_mail(bool fromMailbox)
    {
        await office.Tell(Given.Contacts(1));
        await office.Tell(Given.Holders(1));
        await Until.True(async () => (long)(await office.Scalar("select count(*) from contacts"))! == 1, "the contact to be known");
        var asked = await Ask(office.Service.As("teacher", registryNumber: "000001"), "Η εγγραφή μου", "Πού βλέπω την εγγραφή μου;");
        await office.UntilMails(1);
        var id = (await office.Get("/api/help?state=Open")).GetProperty("items")[0].GetProperty("id").GetString();

        await Answer(id!, "Στη σελίδα «Η αίτησή μου».");
        await office.UntilMails(2);
        var answer = office.Smtp.Mails[1].Mime;
        var reply = Reply(answer, """
            Ευχαριστώ! Και ώς πότε;

            Στις Δευ 23 Ιαν 2023 στις 10:00 π.μ., ο χρήστης ePimorfosi <help@epimorfosi.example>
            έγραψε:

            > Στη σελίδα «Η αίτησή μου».
            """);
        foreach (var again in new[] { 1, 2 }) // the same mail twice
        {
            if (fromMailbox)
            {
                mailbox.Deliver(Bytes(reply));
                await Until.True(() => mailbox.Seen == again, "the reply to be taken from the mailbox");
            }
            else
            {
                await Incoming(reply);
            }
        }

        var desk = await office.Get($"/api/help/{id}");
        var entries = desk.GetProperty("thread").GetProperty("entries");
        Assert.Equal(["Πού βλέπω την εγγραφή μου;", "Στη σελίδα «Η αίτησή μου».", "Ευχαριστώ! Και ώς πότε;"], entries.EnumerateArray().Select(e => e.GetProperty("text").GetString()));
        Assert.Equal("Open", desk.GetProperty("thread").GetProperty("state").GetString());
        Assert.Equal(Given.Ticket(1), desk.GetProperty("tickets")[0].GetProperty("ticket").GetString()); // the way to the application
        Assert.Equal(answer.References.Single(), office.Smtp.Mails[0].Mime.References.Single());
        var own = await office.Service.Anyone().GetFromJsonAsync<JsonElement>($"/api/help/threads/{asked.GetProperty("word").GetString()}");
        Assert.Equal(3, own.GetProperty("entries").GetArrayLength());
        Assert.Equal(1, (await office.Get("/api/help/summary")).GetProperty("byState").GetProperty("Open").GetInt32());
    }

    [Fact]
    public async Task A_guest_s_question_reaches_the_office_when_the_address_is_confirmed()
    {
        var asked = await Ask(office.Service.Anyone(), "Ερώτηση\r\nBcc: victim@example.gr", "<script>alert(1)</script>", ("name", "Άννα\r\nBcc: victim@example.gr"), ("email", "anna@example.gr"));
        Assert.Equal(JsonValueKind.Null, asked.GetProperty("word").ValueKind);
        await office.UntilMails(1);
        Assert.Equal(0, (await office.Get("/api/help")).GetProperty("total").GetInt32());
        var mail = office.Smtp.Mails.Single();
        Assert.Equal("anna@example.gr", mail.To);
        var word = mail.Mime.TextBody!.Split("/help/thread/")[1].Split('\r', '\n')[0];
        Assert.Equal(0L, await office.Scalar($"select count(*) from messages where body like '%{word}%' or facts::text like '%{word}%'"));

        Assert.Equal(HttpStatusCode.NotFound, (await office.Service.Anyone().PostAsync($"/api/help/threads/{word}x/confirm", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync($"/api/help/threads/{word}/confirm", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync($"/api/help/threads/{word}/confirm", null)).StatusCode);

        var waiting = await office.Get("/api/help");
        Assert.Equal("Άννα  Bcc: victim@example.gr", waiting.GetProperty("items")[0].GetProperty("name").GetString());
        await office.UntilMails(2);
        await Answer(waiting.GetProperty("items")[0].GetProperty("id").GetString()!, "<b>όχι</b> έντονα");
        await office.UntilMails(3);
        Assert.All(office.Smtp.Mails, m => Assert.Empty(m.Mime.Bcc));
        Assert.Contains("Ερώτηση  Bcc: victim@example.gr", office.Smtp.Mails[2].Mime.Subject, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;όχι&lt;/b&gt;", office.Smtp.Mails[2].Mime.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_while_the_mail_server_is_down()
    {
        await office.Smtp.Die();
        await Ask(office.Service.Anyone(), "Ερώτηση", "Κείμενο", ("email", "anna@example.gr"));

        office.Smtp.Return();

        await office.UntilMails(1);
    }

    [Fact]
    public async Task A_machine_s_answer_is_no_entry_and_a_loop_ends()
    {
        var (id, answer) = await Conversation();
        var auto = Reply(answer, "Είμαι εκτός γραφείου.");
        auto.Headers.Add("Auto-Submitted", "auto-replied");
        await Incoming(auto);
        var forged = Reply(answer, "Ψεύτικο");
        forged.To.Clear();
        forged.To.Add(MailboxAddress.Parse($"help+{Guid.NewGuid():N}0123456789ab@epimorfosi.example"));
        await Incoming(forged);
        Assert.Equal(2, await Entries(id));

        for (var n = 0; n < 10; n++)
        {
            await Incoming(Reply(answer, $"ξανά {n}"));
        }

        Assert.Equal(1 + 6, await Entries(id)); // the answer, and no more than six of theirs
    }

    [Fact]
    public async Task A_file_is_judged_by_name_content_size_and_what_it_unpacks_to()
    {
        var bomb = Zip(("word/document.xml", new byte[60 << 20]));
        Assert.True(bomb.Length < 1 << 20);
        Assert.Equal((null, "AttachmentBomb"), AttachmentCheck.Judge("a.docx", bomb));
        Assert.Equal((null, "AttachmentBomb"), AttachmentCheck.Judge("a.docx", Zip(("inner.zip", new byte[10]))));
        Assert.Equal((null, "AttachmentBomb"), AttachmentCheck.Judge("a.docx", [.. "PK\u0003\u0004"u8, 1, 2, 3]));
        Assert.Equal((null, "AttachmentType"), AttachmentCheck.Judge("a.pdf", "MZ not a pdf"u8.ToArray()));
        Assert.Equal((null, "AttachmentType"), AttachmentCheck.Judge("a.exe", "MZ"u8.ToArray()));
        Assert.Equal((null, "AttachmentSize"), AttachmentCheck.Judge("a.txt", new byte[(5 << 20) + 1]));
        Assert.Equal(("application/pdf", null), AttachmentCheck.Judge("a.PDF", "%PDF-1.7"u8.ToArray()));
        Assert.NotNull(AttachmentCheck.Judge("a.docx", Zip(("word/document.xml", "<w/>"u8.ToArray()))).Type);
        Assert.Equal("passwd.txt", AttachmentCheck.Name("..\\..\\etc/passwd.txt"));

        using var form = Form("Ερώτηση", "Κείμενο", ("email", "anna@example.gr"));
        form.Add(new ByteArrayContent(bomb), "files", "a.docx");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await office.Service.Anyone().PostAsync("/api/help", form)).StatusCode);
        Assert.Equal(0L, await office.Scalar("select count(*) from questions"));
    }

    [Fact]
    public async Task A_file_comes_by_mail_too_and_is_only_ever_a_download()
    {
        var (id, answer) = await Conversation();
        var reply = Reply(answer, "Το πιστοποιητικό μου.");
        reply.Body = new Multipart("mixed") { reply.Body!, Part("βεβαίωση.pdf", "%PDF-1.7 …"u8.ToArray()), Part("virus.exe", "MZ"u8.ToArray()) };
        await Incoming(reply);

        var entry = (await office.Get($"/api/help/{id}")).GetProperty("thread").GetProperty("entries")[2];
        var file = Assert.Single(entry.GetProperty("attachments").EnumerateArray());
        Assert.Equal("βεβαίωση.pdf", file.GetProperty("name").GetString());
        Assert.Contains("virus.exe", entry.GetProperty("text").GetString(), StringComparison.Ordinal);
        var download = await office.Service.As("office").GetAsync($"/api/help/{id}/attachments/{file.GetProperty("id").GetString()}");
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("sandbox", download.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").GetAsync($"/api/help/{id}")).StatusCode);
    }

    [Theory]
    [InlineData("stream: OK", HttpStatusCode.Created)]
    [InlineData("stream: Eicar-Test-Signature FOUND", HttpStatusCode.UnprocessableEntity)]
    public async Task A_scanner_is_asked_where_there_is_one(string verdict, HttpStatusCode expected)
    {
        using var clamd = new TcpListener(IPAddress.Loopback, 0);
        clamd.Start();
        var scanned = Clamd(clamd, verdict);
        await using var other = await PostOffice.Open(null, ("HelpDesk:ScannerHost", "127.0.0.1"), ("HelpDesk:ScannerPort", $"{((IPEndPoint)clamd.LocalEndpoint).Port}"));
        using var form = Form("Ερώτηση", "Κείμενο", ("email", "anna@example.gr"));
        form.Add(new ByteArrayContent("%PDF-1.7"u8.ToArray()), "files", "a.pdf");

        Assert.Equal(expected, (await other.Service.Anyone().PostAsync("/api/help", form)).StatusCode);
        Assert.Equal("%PDF-1.7", await scanned);
    }

    async Task<(string Id, MimeMessage Answer)> Conversation()
    {
        await Ask(office.Service.Anyone(), "Ερώτηση", "Κείμενο", ("email", "anna@example.gr"));
        await office.UntilMails(1);
        var word = office.Smtp.Mails[0].Mime.TextBody!.Split("/help/thread/")[1].Split('\r', '\n')[0];
        await office.Service.Anyone().PostAsync($"/api/help/threads/{word}/confirm", null);
        var id = (await office.Get("/api/help")).GetProperty("items")[0].GetProperty("id").GetString()!;
        await office.UntilMails(2);
        await Answer(id, "Απάντηση");
        await office.UntilMails(3);
        return (id, office.Smtp.Mails[2].Mime);
    }

    async Task<int> Entries(string id) => (await office.Get($"/api/help/{id}")).GetProperty("thread").GetProperty("entries").GetArrayLength();

    static MultipartFormDataContent Form(string subject, string text, params (string Name, string Value)[] more)
    {
        var form = new MultipartFormDataContent { { new StringContent(subject), "subject" }, { new StringContent(text), "text" } };
        foreach (var (name, value) in more)
        {
            form.Add(new StringContent(value), name);
        }
        return form;
    }

    static async Task<JsonElement> Ask(HttpClient client, string subject, string text, params (string Name, string Value)[] more)
    {
        using var form = Form(subject, text, more);
        var answer = await client.PostAsync("/api/help", form);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    async Task Answer(string id, string text) =>
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.As("office").PostAsJsonAsync($"/api/help/{id}/answers", new DeskAnswer(text))).StatusCode);

    static MimeMessage Reply(MimeMessage to, string text)
    {
        var reply = new MimeMessage { Subject = $"Re: {to.Subject}", Body = new TextPart("plain") { Text = text }, MessageId = $"{Guid.NewGuid():N}@example.gr" };
        reply.From.Add(MailboxAddress.Parse("anna@example.gr"));
        reply.To.AddRange(to.ReplyTo);
        return reply;
    }

    async Task Incoming(MimeMessage mail)
    {
        var (body, at) = (Bytes(mail), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        using var content = new ByteArrayContent(body) { Headers = { { "X-Signature", $"t={at},v1={Signature.Of(body, at, Secret)}" } } };
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync("/api/messages/incoming", content)).StatusCode);
    }

    static byte[] Bytes(MimeMessage mail)
    {
        using var bytes = new MemoryStream();
        mail.WriteTo(bytes);
        return bytes.ToArray();
    }

    static MimePart Part(string name, byte[] content) => new("application", "octet-stream")
    {
        Content = new MimeContent(new MemoryStream(content)),
        ContentDisposition = new(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = name,
    };

    static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>As the daemon speaks: a command, chunks with their lengths, an empty one, and then its verdict.</summary>
    static async Task<string> Clamd(TcpListener listener, string verdict)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        var command = new byte["zINSTREAM\0".Length];
        await stream.ReadExactlyAsync(command);
        using var content = new MemoryStream();
        var length = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(length);
            var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(length);
            if (size == 0)
            {
                break;
            }
            var chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk);
            content.Write(chunk);
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(verdict + "\0"));
        return Encoding.UTF8.GetString(content.ToArray());
    }
}
