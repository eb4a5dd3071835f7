using Testcontainers.RabbitMq;

namespace EPimorfosi.Tests.Servers;

/// <summary>
/// The RabbitMQ of this test run: the one named by <c>EPIMORFOSI_TEST_BUS</c> (<c>amqp://user:password@host:port</c>) and
/// <c>EPIMORFOSI_TEST_BUS_MANAGEMENT</c> (<c>http://user:password@host:port</c>); else a container where a Docker engine answers; else a native one.
/// </summary>
public static class Broker
{
    public const string Image = "rabbitmq:4.1.4-management";

    static readonly Lazy<Task<(Uri Amqp, Uri Management)>> Server = new(Start);

    /// <summary>A fresh virtual host: queues and messages of one test class alone.</summary>
    public static async Task<VirtualHost> NewVirtualHostAsync(CancellationToken cancel = default)
    {
        var (amqp, management) = await Server.Value.WaitAsync(cancel);
        return await VirtualHost.CreateOn(amqp, management, cancel);
    }

    static async Task<(Uri, Uri)> Start()
    {
        if (Environment.GetEnvironmentVariable("EPIMORFOSI_TEST_BUS") is { Length: > 0 } given &&
            Environment.GetEnvironmentVariable("EPIMORFOSI_TEST_BUS_MANAGEMENT") is { Length: > 0 } management)
            return Told(new Uri(given), new Uri(management), "as given by EPIMORFOSI_TEST_BUS");
        if (Docker.Answers)
        {
            var container = new RabbitMqBuilder(Image).WithPortBinding(15672, assignRandomHostPort: true).Build();
            await container.StartAsync();
            var amqp = new Uri(container.GetConnectionString());
            return Told(amqp, new Uri($"http://{amqp.UserInfo}@{amqp.Host}:{container.GetMappedPublicPort(15672)}"), "by Testcontainers");
        }
        var server = await NativeBroker.StartNewAsync();
        return Told(server.Amqp, server.Management, "native");
    }

    static (Uri, Uri) Told(Uri amqp, Uri management, string how)
    {
        Console.Error.WriteLine($"RabbitMQ: {how}");
        return (amqp, management);
    }
}
