namespace EPimorfosi.Gateway.Services;

/// <summary>Where a service is: <c>Services:Applications</c> and so on, the addresses of its replicas with a space between.</summary>
static class ServiceAddresses
{
    public static Uri[] Of(IConfiguration configuration, string service) =>
        [.. (configuration[$"Services:{service}"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(address => new Uri(address))];
}
