using System.Net.Sockets;
using EPimorfosi.Notifications.Messages;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace EPimorfosi.Notifications.Sending;

/// <summary>E-mail over one connection that is kept open.</summary>
public sealed class SmtpOutlet(SmtpOptions options) : IOutlet
{
    const int ImplicitTls = 465;
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    readonly SmtpClient client = new();
    readonly Mail mail = new(options);
    DateTime usedAt;

    public Channel Channel => Channel.Email;

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

    public async Task<string?> Send(Parcel parcel, CancellationToken cancel)
    {
        using var message = mail.Of(parcel);
        await client.SendAsync(message, mail.ReturnPath(parcel), message.To.Mailboxes, cancel);
        usedAt = DateTime.UtcNow;
        return null;
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
}
