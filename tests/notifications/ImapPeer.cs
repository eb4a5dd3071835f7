using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace EPimorfosi.Notifications.Tests;

/// <summary>A mailbox on a real socket that speaks as much IMAP4rev1 as a reader of new mail needs.</summary>
public sealed partial class ImapPeer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<int, byte[]> mails = new();
    readonly ConcurrentDictionary<int, bool> seen = new();

    ImapPeer()
    {
        listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
    public int Seen => seen.Count;

    public static ImapPeer Start() => new();

    public void Deliver(byte[] mail) => mails[mails.Count + 1] = mail;

    async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Talk(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    async Task Talk(TcpClient connection)
    {
        using var _ = connection;
        using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await Say(stream, "* OK [CAPABILITY IMAP4rev1] ready");
        while (await reader.ReadLineAsync() is { } line)
        {
            var (tag, command) = (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            await Answer(stream, command.ToUpperInvariant());
            await Say(stream, command.StartsWith("LOGIN", StringComparison.OrdinalIgnoreCase) && !command.Contains("s3cret", StringComparison.Ordinal) ? $"{tag} NO wrong"
                : command.StartsWith("SELECT", StringComparison.Ordinal) ? $"{tag} OK [READ-WRITE] done" : $"{tag} OK done");
        }
    }

    async Task Answer(Stream stream, string command)
    {
        switch (command)
        {
            case "CAPABILITY":
                await Say(stream, "* CAPABILITY IMAP4rev1");
                break;
            case var list when list.StartsWith("LIST", StringComparison.Ordinal):
                await Say(stream, "* LIST () \"/\" INBOX");
                break;
            case var select when select.StartsWith("SELECT", StringComparison.Ordinal):
                await Say(stream, $"* {mails.Count} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (\\Seen)] ok\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT {mails.Count + 1}] ok");
                break;
            case var search when search.StartsWith("UID SEARCH", StringComparison.Ordinal):
                await Say(stream, "* SEARCH" + string.Concat(mails.Keys.Where(id => !seen.ContainsKey(id)).Order().Select(id => $" {id}")));
                break;
            case var fetch when fetch.StartsWith("UID FETCH", StringComparison.Ordinal):
                var asked = int.Parse(Number().Match(fetch).Value, CultureInfo.InvariantCulture);
                await Say(stream, $"* {asked} FETCH (UID {asked} BODY[] {{{mails[asked].Length}}}\r\n{Encoding.Latin1.GetString(mails[asked])})");
                break;
            case var store when store.StartsWith("UID STORE", StringComparison.Ordinal):
                seen[int.Parse(Number().Match(store).Value, CultureInfo.InvariantCulture)] = true;
                break;
        }
    }

    static async Task Say(Stream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text + "\r\n"));

    public void Dispose() => listener.Dispose();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
