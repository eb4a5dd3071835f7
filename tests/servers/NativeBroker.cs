namespace EPimorfosi.Tests.Servers;

/// <summary>A RabbitMQ node that a test may stop, kill and restart.</summary>
public sealed class NativeBroker() : NativeServer("rabbitmq.sh", NewDirectory("rabbitmq"))
{
    readonly int[] ports = FreePorts(4);

    protected override int[] Ports => ports;

    /// <summary><c>amqp://user:password@host:port</c>, without a virtual host.</summary>
    public Uri Amqp => new($"amqp://epimorfosi:{Password()}@127.0.0.1:{ports[0]}");

    /// <summary>The management's address, with user and password.</summary>
    public Uri Management => new($"http://epimorfosi:{Password()}@127.0.0.1:{ports[1]}");

    public Task<VirtualHost> NewVirtualHostAsync(CancellationToken cancel = default) => VirtualHost.CreateOn(Amqp, Management, cancel);

    public static async Task<NativeBroker> StartNewAsync()
    {
        var server = new NativeBroker();
        await server.StartAsync();
        return server;
    }
}
