using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>A TCP proxy on loopback that may be cut; before several ports it is a balancer, which passes over those where nobody listens.</summary>
public sealed class Wire : IAsyncDisposable
{
    readonly ConcurrentDictionary<Socket, Socket> open = new();
    readonly CancellationTokenSource stop = new();
    readonly TcpListener listener;
    readonly int[] targets;
    volatile bool cut;
    int turn;

    public Wire(params int[] targets)
    {
        this.targets = targets;
        listener = new(IPAddress.Loopback, Port);
        listener.Start(512);
        _ = Accept();
    }

    public int Port { get; } = NativeServer.FreePorts(1)[0];

    /// <summary>Connections that were broken by a cut.</summary>
    public int Broken { get; private set; }

    /// <summary>Breaks all connections, without a goodbye (RST), and every new one until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        cut = true;
        foreach (var (client, server) in open)
        {
            Broken++;
            Reset(client);
            Reset(server);
        }
    }

    public void Mend() => cut = false;

    async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Carry(await listener.AcceptSocketAsync(stop.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
        }
    }

    async Task Carry(Socket client)
    {
        if (await Connect() is not { } server)
        {
            Reset(client);
            return;
        }
        open[client] = server;
        if (cut)
        {
            Reset(client);
        }
        client.NoDelay = server.NoDelay = true;
        await Task.WhenAny(Pump(client, server), Pump(server, client));
        open.TryRemove(client, out _);
        client.Dispose();
        server.Dispose();
    }

    async Task<Socket?> Connect()
    {
        var first = (uint)Interlocked.Increment(ref turn);
        foreach (var target in cut ? [] : targets.Select((_, index) => targets[(first + index) % targets.Length]))
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                return server;
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                server.Dispose();
            }
        }
        return null;
    }

    async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop.Token);
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
        }
        socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        Cut();
        stop.Dispose();
    }
}
