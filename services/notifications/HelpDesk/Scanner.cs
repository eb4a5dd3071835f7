using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>Asks a ClamAV daemon about a file (INSTREAM over TCP), where one is configured.</summary>
public sealed class Scanner(IOptions<HelpDeskOptions> options)
{
    const int Chunk = 1 << 16;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>Whether it is clean; throws if the daemon does not say.</returns>
    public async Task<bool> IsClean(byte[] content, CancellationToken cancel)
    {
        if (options.Value.ScannerHost is not { } host)
        {
            return true;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        using var connection = new TcpClient();
        await connection.ConnectAsync(host, options.Value.ScannerPort, limit.Token);
        await using var stream = connection.GetStream();
        await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), limit.Token);
        var length = new byte[4];
        foreach (var part in content.Chunk(Chunk).Append([]))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            await stream.WriteAsync(length, limit.Token);
            await stream.WriteAsync(part, limit.Token);
        }
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = (await reader.ReadToEndAsync(limit.Token)).TrimEnd('\0', '\n');
        return answer.EndsWith("OK", StringComparison.Ordinal) || (answer.EndsWith("FOUND", StringComparison.Ordinal) ? false : throw new IOException("The scanner gave no answer."));
    }
}

/// <summary>The help desk's settings.</summary>
public class HelpDeskOptions
{
    /// <summary>Where answers by e-mail come to, such as <c>help@example.gr</c>: each thread has its own <c>help+word@example.gr</c>. Without it a thread is held on the web alone.</summary>
    public string? Address { get; init; }

    /// <summary>A ClamAV daemon; without it files are not scanned.</summary>
    public string? ScannerHost { get; init; }
    public int ScannerPort { get; init; } = 3310;

    /// <summary>Entries by one thread's asker in an hour: what comes faster is a machine.</summary>
    public int MostAnHour { get; init; } = 20;
}
