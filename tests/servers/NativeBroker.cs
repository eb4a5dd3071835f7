namespace EPimorfosi.Tests.Servers;

/// <summary>A RabbitMQ node that a test may stop, kill and restart.</summary>
public sealed class NativeBroker() : NativeServer("rabbitmq.sh", NewDirectory("rabbitmq"))
{
    readonly int[] ports = FreePorts(4);
    string node = "epimorfosi";
    NativeBroker? first;

    protected override int[] Ports => ports;

    protected override IEnumerable<(string, string)> Environment => first is null ? [] : [("NATIVE_NODE", node), ("NATIVE_JOIN", first.Directory)];

    public int Port => ports[0];

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

    /// <summary>A cluster of so many nodes, the first of which has the epmd of all.</summary>
    public static async Task<NativeBroker[]> StartClusterAsync(int nodes)
    {
        var cluster = new List<NativeBroker> { await StartNewAsync() };
        while (cluster.Count < nodes)
        {
            var next = new NativeBroker { first = cluster[0], node = $"epimorfosi{cluster.Count + 1}" };
            next.ports[2] = cluster[0].ports[2];
            await next.StartAsync();
            cluster.Add(next);
        }
        return [.. cluster];
    }

    /// <summary>RabbitMQ takes the disk for full while less than this is free, such as <c>100MB</c>: it then takes no more messages.</summary>
    public Task NeedFreeDiskAsync(string limit) => Run(["ctl", Directory, "set_disk_free_limit", limit]);
}
