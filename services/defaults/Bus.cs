using System.Reflection;
using System.Text.Json;
using EPimorfosi.Contracts;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EPimorfosi.Defaults;

/// <summary>MassTransit on RabbitMQ: one quorum queue per message and service, retry, inbox, and the outbox's relay.</summary>
static class Bus
{
    static readonly ILookup<string, Type> Consumed = typeof(ConsumedByAttribute).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetCustomAttribute<ConsumedByAttribute>()?.Services.Select(service => (service, type)) ?? [])
        .ToLookup(pair => pair.service, pair => pair.type);

    internal static void AddBus<TDb>(this WebApplicationBuilder builder, string service) where TDb : ServiceDb
    {
        var consumers = Consumers(service, typeof(TDb).Assembly);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // MassTransit would report to its makers
            foreach (var (message, consumer) in consumers)
            {
                bus.AddConsumer(consumer).Endpoint(endpoint => endpoint.Name = Queue(service, message));
            }
            bus.AddConfigureEndpointsCallback((context, _, endpoint) =>
            {
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
                {
                    rabbit.SetQuorumQueue();
                    rabbit.PrefetchCount = 32;
                }
                endpoint.ConcurrentMessageLimit = 4;
                // While the database is away a message waits for it; a fault of its own puts it into the _error queue soon.
                endpoint.UseMessageRetry(retry =>
                {
                    retry.Handle<Exception>(Database.IsAway);
                    retry.Exponential(400, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
                });
                endpoint.UseMessageRetry(retry =>
                {
                    retry.Handle<Exception>(fault => !Database.IsAway(fault));
                    retry.Intervals(50, 200, 1000, 3000);
                });
                endpoint.UseConsumeFilter(typeof(InboxFilter<>), context);
            });
            var address = new Uri(builder.Configuration.GetConnectionString("Bus")
                ?? throw new InvalidOperationException("ConnectionStrings:Bus is not set: the address of RabbitMQ, amqp://user:password@host:port/vhost."));
            bus.AddBusObserver(services => new QueueDeclaration(address, Queues, services.GetRequiredService<ILogger<QueueDeclaration>>()));
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(address);
                rabbit.ConfigureJsonSerializerOptions(Outbox.Configure);
                DeclareQueues(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHostedService<InboxPurge>();
    }

    internal static IReadOnlyCollection<string> Queues => [.. Consumed.SelectMany(consumed => consumed.Select(message => Queue(consumed.Key, message))).Order(StringComparer.Ordinal)];

    internal static string Queue(string service, MemberInfo message) => $"{service}.{JsonNamingPolicy.KebabCaseLower.ConvertName(message.Name)}";

    /// <summary>Every queue of every service, so that a message finds its consumer's queue though that service has not yet been up.</summary>
    static void DeclareQueues(IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.DeployPublishTopology = true;
        foreach (var message in Consumed.SelectMany(service => service).Distinct())
        {
            rabbit.Publish(message, topology =>
            {
                foreach (var service in message.GetCustomAttribute<ConsumedByAttribute>()!.Services)
                {
                    var queue = Queue(service, message);
                    topology.BindQueue(queue, queue, binding => binding.SetQuorumQueue());
                }
            });
        }
    }

    static Dictionary<Type, Type> Consumers(string service, Assembly assembly)
    {
        var found = assembly.GetTypes().Where(type => type is { IsAbstract: false, IsClass: true })
            .SelectMany(type => type.GetInterfaces()
                .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IConsumer<>))
                .Select(face => (Message: face.GetGenericArguments()[0], Consumer: type)))
            .ToDictionary(pair => pair.Message, pair => pair.Consumer);
        var promised = Consumed[service].ToHashSet();
        return promised.SetEquals(found.Keys)
            ? found
            : throw new InvalidOperationException($"{service} must consume what [ConsumedBy] says: "
                + string.Join(", ", promised.Except(found.Keys).Select(type => $"no consumer of {type.Name}")
                    .Concat(found.Keys.Except(promised).Select(type => $"{type.Name} does not name {service}"))));
    }
}
