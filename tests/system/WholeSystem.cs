using System.Globalization;
using EPimorfosi.Load;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>All five processes on a PostgreSQL, a RabbitMQ and a mail catcher of their own, each of which a test may kill.</summary>
public sealed class WholeSystem : IAsyncLifetime
{
    public const string OfficePassword = "Office-of-the-tests-7!";
    readonly Dictionary<string, ServiceProcess> processes = [];
    Wire? balancer;

    /// <summary>What is committed survives a kill -9 of PostgreSQL; without, the tests are faster.</summary>
    public bool Durable { get; init; }

    /// <summary>Nodes of RabbitMQ; the processes come to several by a balancer.</summary>
    public int Nodes { get; init; } = 1;

    public NativePostgres Postgres { get; private set; } = null!;
    public NativeBroker Broker => Brokers[0];
    public NativeBroker[] Brokers { get; private set; } = [];
    public TraceCatcher Traces { get; private set; } = null!;
    public Mailbox Mail { get; private set; } = null!;
    public GatewayClient Client { get; private set; } = null!;
    public Session Office { get; private set; } = null!;

    /// <summary>Address of the virtual host, for a probe on the bus.</summary>
    public string Bus { get; private set; } = "";

    NativeMail MailCatcher { get; set; } = null!;

    public ServiceProcess this[string name] => processes[name];

    public async ValueTask InitializeAsync()
    {
        Postgres = await NativePostgres.StartNewAsync(Durable);
        Brokers = await NativeBroker.StartClusterAsync(Nodes);
        MailCatcher = await NativeMail.StartNewAsync();
        Traces = await TraceCatcher.StartAsync();
        Bus = (await Broker.NewVirtualHostAsync()).Amqp;
        if (Nodes > 1)
        {
            balancer = new Wire([.. Brokers.Select(node => node.Port)]);
            Bus = new UriBuilder(Bus) { Port = balancer.Port }.Uri.ToString();
        }
        Mail = new Mailbox(MailCatcher.Web);
        var ports = NativeServer.FreePorts(5);
        var logs = Directory.CreateTempSubdirectory("epimorfosi-system-").FullName;
        string[] names = ["gateway", "programmes", "applications", "allocation", "notifications"];
        var addresses = names.Zip(ports).ToDictionary(pair => pair.First, pair => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{pair.Second}"));
        foreach (var (name, port) in names.Zip(ports))
        {
            var settings = await Settings(name, addresses);
            processes[name] = new ServiceProcess(name, name == "gateway" ? "gateway" : $"services/{name}", port, settings, logs);
        }
        await Task.WhenAll(processes.Values.Select(process => process.StartAsync()));
        Client = new GatewayClient(processes["gateway"].Address);
        Office = await Client.SignIn("office", OfficePassword);
    }

    async Task<Dictionary<string, string>> Settings(string name, Dictionary<string, string> addresses) => new()
    {
        ["ConnectionStrings:Database"] = await Postgres.NewDatabaseAsync(name),
        ["ConnectionStrings:Bus"] = Bus,
        ["Tokens:Jwks"] = $"{addresses["gateway"]}/.well-known/jwks.json",
        ["PublicAddress"] = addresses["gateway"],
        ["DataDirectory"] = ProjectRoot.Combine("data"),
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Traces.Endpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        ["Services:Programmes"] = addresses["programmes"],
        ["Services:Applications"] = addresses["applications"],
        ["Services:Allocation"] = addresses["allocation"],
        ["Services:Notifications"] = addresses["notifications"],
        ["Accounts:OfficePassword"] = OfficePassword,
        ["Accounts:PasswordIterations"] = "10000",
        ["RateLimits:ExemptNetworks"] = "127.0.0.0/8",
        ["RateLimits:AccountPerMinute"] = "6000", // all of the tests are one office
        ["Smtp:Host"] = "127.0.0.1",
        ["Smtp:Port"] = MailCatcher.Smtp.ToString(CultureInfo.InvariantCulture),
        ["Smtp:From"] = "epimorfosi@sch.test",
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Mail.Dispose();
        foreach (var process in processes.Values)
        {
            await process.DisposeAsync();
        }
        await Traces.DisposeAsync();
        await MailCatcher.DisposeAsync();
        foreach (var node in Brokers.Reverse())
        {
            await node.DisposeAsync();
        }
        await (balancer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Postgres.DisposeAsync();
    }
}

/// <summary>The tests take turns on one system: each breaks something of it.</summary>
[CollectionDefinition(Name)]
public sealed class OneSystem : ICollectionFixture<WholeSystem>
{
    public const string Name = "the whole system";
}
