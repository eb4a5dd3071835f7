using System.Net.Http.Headers;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Tests.Servers;

/// <summary>
/// A service as it runs: Kestrel on a loopback port, its own PostgreSQL database, its own virtual host of a real RabbitMQ, and an issuer of
/// internal tokens. Only the clock may be held still. <see cref="Again"/> starts a second replica on the same database and bus.
/// </summary>
public sealed class ServiceUnderTest<TProgram> : IAsyncDisposable where TProgram : class
{
    readonly Host host;
    readonly bool owner;
    VirtualHost? own;

    ServiceUnderTest(Host host, string database, string bus, TokenIssuer issuer, BusProbe probe, FakeTimeProvider? clock, IReadOnlyDictionary<string, string>? settings, bool owner) =>
        (this.host, Database, BusAddress, Issuer, Bus, Clock, Settings, this.owner) = (host, database, bus, issuer, probe, clock, settings, owner);

    /// <summary>Connection string of the service's database.</summary>
    public string Database { get; }

    public string BusAddress { get; }
    public TokenIssuer Issuer { get; }

    /// <summary>Hears and sends on the service's bus.</summary>
    public BusProbe Bus { get; }

    /// <summary>The business clock, if the test holds it.</summary>
    public FakeTimeProvider? Clock { get; }

    IReadOnlyDictionary<string, string>? Settings { get; }

    public IServiceProvider Services => host.Services;

    /// <param name="clock">Given, time stands still until the test moves it; else it is the machine's.</param>
    /// <param name="settings">More configuration, such as <c>Smtp:Port</c>.</param>
    /// <param name="broker">A virtual host of the test's own broker, which it may stop; else one of the test run's.</param>
    public static async Task<ServiceUnderTest<TProgram>> Start(FakeTimeProvider? clock = null, IReadOnlyDictionary<string, string>? settings = null, VirtualHost? broker = null)
    {
        var database = await PostgresServer.NewDatabaseAsync();
        var own = broker is null ? await Broker.NewVirtualHostAsync() : null;
        var bus = (broker ?? own)!.Amqp;
        var issuer = await TokenIssuer.Start();
        var host = await Run(database, bus, issuer, clock, settings);
        return new(host, database, bus, issuer, await BusProbe.Start(bus), clock, settings, owner: true) { own = own };
    }

    /// <summary>Another replica: the same database, bus and keys, its own process state.</summary>
    public async Task<ServiceUnderTest<TProgram>> Again() =>
        new(await Run(Database, BusAddress, Issuer, Clock, Settings), Database, BusAddress, Issuer, Bus, Clock, Settings, owner: false);

    /// <summary>A client without a token.</summary>
    public HttpClient Anyone(string language = "el") => Client(null, language);

    /// <summary>A client with the internal token of an account.</summary>
    public HttpClient As(string role, string subject = "someone", string? registryNumber = null, string? centre = null, string language = "el") =>
        Client(Issuer.Token(subject, [role], registryNumber, centre), language);

    public HttpClient Client(string? token, string language = "el")
    {
        var client = host.CreateClient();
        client.Timeout = TimeSpan.FromMinutes(5);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        return client;
    }

    /// <summary>Routes that name neither a policy nor <c>AllowAnonymous</c>: there must be none.</summary>
    public IReadOnlyList<string> RoutesWithoutPolicy() =>
    [
        .. Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is null
                && route.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>() is null)
            .Select(route => route.RoutePattern.RawText ?? "?").Distinct(),
    ];

    static async Task<Host> Run(string database, string bus, TokenIssuer issuer, FakeTimeProvider? clock, IReadOnlyDictionary<string, string>? settings)
    {
        var host = new Host(new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["ConnectionStrings:Database"] = database,
            ["ConnectionStrings:Bus"] = bus,
            ["Tokens:Jwks"] = issuer.Jwks,
            ["DataDirectory"] = Path.Combine(ProjectRoot.Path, "data"),
        }, clock);
        host.UseKestrel(0);
        host.StartServer();
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await host.Stop(); // as an operator stops it: what is being consumed is finished, or goes back
        await host.DisposeAsync();
        if (owner)
        {
            await Bus.DisposeAsync();
            await Issuer.DisposeAsync();
        }
        if (own is not null)
        {
            await own.DisposeAsync();
        }
    }

    sealed class Host(IReadOnlyDictionary<string, string> settings, FakeTimeProvider? clock) : WebApplicationFactory<TProgram>
    {
        IHost? running;

        public Task Stop() => running?.StopAsync() ?? Task.CompletedTask;

        protected override IHost CreateHost(IHostBuilder builder) => running = base.CreateHost(builder);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseContentRoot(AppContext.BaseDirectory);
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
            builder.ConfigureLogging(logging => logging.AddFilter((category, level) => level >= LogLevel.Warning && category?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) != true));
            if (clock is not null)
            {
                builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
            }
        }
    }
}
