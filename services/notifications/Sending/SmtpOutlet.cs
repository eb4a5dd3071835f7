using System.Net.Sockets;
using EPimorfosi.Notifications.Templates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Text;

namespace EPimorfosi.Notifications.Sending;

/// <summary>E-mail over one connection that is kept open.</summary>
public sealed class SmtpOutlet(SmtpOptions options) : IOutlet
{
    const int ImplicitTls = 465;
    static readonly ParserOptions Strict = new() { AddressParserComplianceMode = RfcComplianceMode.Strict, AllowAddressesWithoutDomain = false };
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    readonly SmtpClient client = new();
    readonly MailboxAddress from = MailboxAddress.Parse(options.From);
    DateTime usedAt;

    public async Task Open(CancellationToken cancel)
    {
        if (client.IsConnected && DateTime.UtcNow - usedAt > Idle)
        {
            await Ask(cancel);
        }
        if (!client.IsConnected)
        {
            var tls = !options.UseTls ? SecureSocketOptions.None
                : options.Port == ImplicitTls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls;
            await client.ConnectAsync(await Connection(cancel), options.Host, options.Port, tls, cancel);
        }
        if (options.User is not null && !client.IsAuthenticated)
        {
            await client.AuthenticateAsync(options.User, options.Password ?? "", cancel);
        }
        usedAt = DateTime.UtcNow;
    }

    public async Task Send(Parcel parcel, CancellationToken cancel)
    {
        using var mail = Mail(parcel);
        await client.SendAsync(mail, cancel);
        usedAt = DateTime.UtcNow;
    }

    public Fault Judge(Exception thrown) => thrown switch
    {
        ParseException => Fault.Permanent,
        SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } => Fault.Connection,
        // A sender that is refused is our fault and not the recipient's: it is put right and nobody's message is given up.
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } => Fault.Temporary,
        SmtpCommandException refused when (int)refused.StatusCode >= 500 => Fault.Permanent,
        SmtpCommandException => client.IsConnected ? Fault.Temporary : Fault.Connection,
        IOException or SocketException or ProtocolException or ServiceNotConnectedException or ServiceNotAuthenticatedException
            or OperationCanceledException or TimeoutException => Fault.Connection,
        _ => Fault.Temporary,
    };

    public void Dispose() => client.Dispose();

    /// <summary>Without delay: else the end of each mail waits some 40 ms for the acknowledgement of what came before it.</summary>
    async Task<Socket> Connection(CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A server hangs up on the idle; better to notice before a message is on its way.</summary>
    async Task Ask(CancellationToken cancel)
    {
        try
        {
            await client.NoOpAsync(cancel);
        }
        catch (Exception fault) when (Judge(fault) == Fault.Connection)
        {
            await client.DisconnectAsync(quit: false, cancel);
        }
    }

    MimeMessage Mail(Parcel parcel)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{parcel.Reference}@{from.Domain}",
            Subject = OneLine(parcel.Subject),
            Body = new MultipartAlternative(
                new TextPart(TextFormat.Plain) { Text = parcel.Text },
                new TextPart(TextFormat.Html) { Text = Html.Of(parcel.Text, parcel.Language) }),
        };
        mail.From.Add(from);
        var to = MailboxAddress.Parse(Strict, OneLine(parcel.Address));
        mail.To.Add(new MailboxAddress(OneLine(parcel.Name), to.Address));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: out-of-office replies keep quiet
        return mail;
    }

    /// <summary>What came from people never opens a header line of its own.</summary>
    static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
}
