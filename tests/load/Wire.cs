using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace EPimorfosi.Load;

/// <summary>What came back over a <see cref="Wire"/>; the body is valid until the next request.</summary>
/// <param name="RetryAfter">Seconds; 0 for none.</param>
public readonly record struct WireAnswer(int Status, int RetryAfter, ReadOnlyMemory<byte> Body);

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends requests written out beforehand: on a small machine who measures must cost far less than who is
/// measured. A broken one is opened again with the next request.
/// </summary>
public sealed class Wire(Uri server) : IDisposable
{
    Socket? socket;
    byte[] buffer = new byte[16 * 1024];

    /// <summary>A request as its bytes.</summary>
    /// <param name="headers">Such as <c>Prefer: wait=5</c>.</param>
    public static byte[] Request(string method, Uri server, string path, Session? who, string? json = null, params string[] headers)
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\n");
        if (who is not null)
        {
            text.Append("Authorization: Bearer ").Append(who.AccessToken).Append("\r\n");
        }
        foreach (var header in headers)
        {
            text.Append(header).Append("\r\n");
        }
        text.Append(json is null ? method == "POST" ? "Content-Length: 0\r\n" : "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(json).ToString());
    }

    /// <summary>Throws <see cref="IOException"/> or <see cref="SocketException"/> where no answer came: it may or may not have been taken.</summary>
    public async ValueTask<WireAnswer> Ask(ReadOnlyMemory<byte> request, CancellationToken cancellationToken = default)
    {
        try
        {
            socket ??= await Connect(cancellationToken);
            await socket.SendAsync(request, cancellationToken);
            return await Read(cancellationToken);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    async Task<Socket> Connect(CancellationToken cancellationToken)
    {
        var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await made.ConnectAsync(server.Host, server.Port, cancellationToken);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    async ValueTask<WireAnswer> Read(CancellationToken cancellationToken)
    {
        var (length, end) = (0, -1);
        while (end < 0)
        {
            length += await Fill(length, cancellationToken);
            end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }
        var (status, size, after, close) = Head(buffer.AsSpan(0, end + 2));
        var start = end + 4;
        if (size is { } known)
        {
            while (length < start + known)
            {
                length += await Fill(length, cancellationToken);
            }
        }
        else
        {
            while (!buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8)) // chunks; none of ours ends like that within
            {
                length += await Fill(length, cancellationToken);
            }
            length = Unchunk(start, length);
        }
        if (close)
        {
            Dispose();
        }
        return new(status, after, buffer.AsMemory(start, size ?? length - start));
    }

    static (int Status, int? Size, int RetryAfter, bool Close) Head(ReadOnlySpan<byte> head)
    {
        var status = Number(head[9..]);
        var (size, after, close) = ((int?)(status is 204 or 304 ? 0 : null), 0, false);
        for (var line = head; line.IndexOf("\r\n"u8) is >= 0 and var at; line = line[(at + 2)..])
        {
            if (Value(line[..at], "Content-Length: "u8) is { Length: > 0 } length)
            {
                size = Number(length);
            }
            else if (Value(line[..at], "Retry-After: "u8) is { Length: > 0 } wait)
            {
                after = Number(wait);
            }
            else if (Value(line[..at], "Connection: "u8) is { Length: > 0 } word)
            {
                close = Ascii.EqualsIgnoreCase(word, "close"u8);
            }
        }
        return (status, size, after, close);

        static int Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int number, out _) ? number : 0;

        static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
            line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..] : default;
    }

    /// <summary>Puts the chunks together in place; the answer is where they end.</summary>
    int Unchunk(int start, int length)
    {
        var (from, to) = (start, start);
        while (from < length && Utf8Parser.TryParse(buffer.AsSpan(from, length - from), out int size, out var digits, 'x') && size > 0)
        {
            buffer.AsSpan(from + digits + 2, size).CopyTo(buffer.AsSpan(to));
            (from, to) = (from + digits + 2 + size + 2, to + size);
        }
        return to;
    }

    async ValueTask<int> Fill(int length, CancellationToken cancellationToken)
    {
        if (length == buffer.Length)
        {
            Array.Resize(ref buffer, length * 2);
        }
        var read = await socket!.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
        return read > 0 ? read : throw new IOException("The connection was closed.");
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }
}
