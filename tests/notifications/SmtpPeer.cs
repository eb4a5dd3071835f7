using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace EPimorfosi.Notifications.Tests;

/// <summary>A mail server on a real socket that can also behave badly.</summary>
public sealed class SmtpPeer : IAsyncDisposable
{
    readonly ConcurrentQueue<ReceivedMail> mails = new();
    readonly ConcurrentDictionary<TcpClient, byte> connections = new();
    TcpListener listener;
    Task accepting;
    int connected;

    SmtpPeer(int port) => (listener, accepting) = Listen(port);

    public int Port { get; private set; }

    /// <summary>All mail whose content arrived, whatever was answered.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. mails];
    public int Connections => connected;

    /// <summary>How it treats a mail to an address, given how many to that address came before.</summary>
    public Func<string, int, Treatment> Treat { get; set; } = (_, _) => new();

    /// <summary>Called at each step of a mail to an address: <c>recipient</c>, <c>content</c>, <c>taken</c> (before the answer), <c>answered</c>.</summary>
    public Func<string, string, Task> At { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Given, it speaks TLS after STARTTLS, and before that takes neither name nor mail.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Given, mail is taken of who proves to be this (AUTH PLAIN).</summary>
    public (string User, string Password)? Account { get; set; }

    /// <summary>Takes connections and says nothing.</summary>
    public bool Silent { get; set; }

    readonly ConcurrentDictionary<string, int> tries = new();
    readonly CancellationTokenSource dead = new();

    public static SmtpPeer Start(int port = 0) => new(port);

    /// <summary>A port where nobody listens, yet.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async Task Die()
    {
        listener.Stop();
        foreach (var connection in connections.Keys)
        {
            connection.Close();
        }
        await accepting;
    }

    public void Return() => (listener, accepting) = Listen(Port);

    public async ValueTask DisposeAsync()
    {
        await dead.CancelAsync();
        await Die();
        dead.Dispose();
    }

    (TcpListener, Task) Listen(int port)
    {
        var socket = new TcpListener(IPAddress.Loopback, port);
        socket.Start();
        Port = ((IPEndPoint)socket.LocalEndpoint).Port;
        return (socket, Accept(socket));
    }

    async Task Accept(TcpListener socket)
    {
        try
        {
            while (true)
            {
                var connection = await socket.AcceptTcpClientAsync();
                connection.NoDelay = true;
                connections[connection] = 0;
                Interlocked.Increment(ref connected);
                _ = Talk(connection);
            }
        }
        catch (SocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    async Task Talk(TcpClient connection)
    {
        try
        {
            using var plain = connection.GetStream();
            var (reader, writer) = Lines(plain);
            var (secret, known) = (false, Account is null);
            if (Silent)
            {
                await Task.Delay(Timeout.Infinite, dead.Token);
            }
            await writer.WriteLineAsync("220 peer");
            var (from, to, treatment) = ("", "", new Treatment());
            while (await reader.ReadLineAsync() is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO" or "HELO":
                        await writer.WriteLineAsync($"250-peer\r\n250-PIPELINING\r\n{(Certificate is not null && !secret ? "250-STARTTLS" : "250-AUTH PLAIN")}\r\n250 8BITMIME");
                        break;
                    case "STARTTLS":
                        await writer.WriteLineAsync("220 go on");
                        var hidden = new SslStream(plain);
                        await hidden.AuthenticateAsServerAsync(Certificate!);
                        ((reader, writer), secret) = (Lines(hidden), true);
                        break;
                    case "AUTH":
                        known = Account is var (user, password) && (secret || Certificate is null) && line == $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"))}";
                        await writer.WriteLineAsync(known ? "235 welcome" : "535 who?");
                        break;
                    case "MAIL" when !known || (Certificate is not null && !secret):
                        await writer.WriteLineAsync("530 first say who you are");
                        break;
                    case "MAIL":
                        from = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                        await writer.WriteLineAsync("250 ok");
                        break;
                    case "RCPT":
                        to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                        await At("recipient", to);
                        treatment = Treat(to, tries.AddOrUpdate(to, 0, (_, n) => n + 1));
                        if (treatment.Recipient?.StartsWith("421", StringComparison.Ordinal) == true)
                        {
                            await writer.WriteLineAsync(treatment.Recipient);
                            return;
                        }
                        await writer.WriteLineAsync(treatment.Recipient ?? "250 ok");
                        break;
                    case "DATA":
                        await At("content", to);
                        await writer.WriteLineAsync("354 go on");
                        if (treatment.HangUpInContent)
                        {
                            await reader.ReadLineAsync();
                            return;
                        }
                        if (await Content(reader) is not { } content)
                        {
                            return;
                        }
                        mails.Enqueue(new(from, to, content));
                        await At("taken", to);
                        if (treatment.HangUp)
                        {
                            return;
                        }
                        await Task.Delay(treatment.Pause);
                        await writer.WriteLineAsync(treatment.Content ?? "250 taken");
                        await At("answered", to);
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 ok");
                        break;
                }
            }
        }
        catch (IOException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
        catch (OperationCanceledException)
        {
        }
        catch (AuthenticationException)
        {
        }
        finally
        {
            connections.TryRemove(connection, out _);
            connection.Close();
        }
    }

    static (StreamReader, StreamWriter) Lines(Stream stream) => (new(stream, Encoding.Latin1), new(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true });

    /// <summary>Null if it breaks off.</summary>
    static async Task<byte[]?> Content(StreamReader reader)
    {
        var content = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == ".")
            {
                return Encoding.Latin1.GetBytes(content.ToString());
            }
            content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
        return null;
    }
}

/// <param name="Recipient">Answer to the recipient, such as <c>550 unknown</c>; null to accept.</param>
/// <param name="Content">Answer to the content.</param>
/// <param name="HangUpInContent">Closes after the first line of the content.</param>
/// <param name="HangUp">Takes the content and closes before it answers.</param>
public record Treatment(string? Recipient = null, string? Content = null, bool HangUp = false, TimeSpan Pause = default, bool HangUpInContent = false);

/// <param name="From">Of the envelope.</param>
public record ReceivedMail(string From, string To, byte[] Raw)
{
    public MimeMessage Mime => MimeMessage.Load(new MemoryStream(Raw));
}
