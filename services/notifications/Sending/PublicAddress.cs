namespace EPimorfosi.Notifications.Sending;

/// <summary>Where people reach the system: the root of all links in messages.</summary>
public sealed class PublicAddress(IConfiguration configuration)
{
    public Uri Root { get; } = new(configuration["PublicAddress"] ?? "http://localhost:8080");

    public Uri Of(string path) => new(Root, path);
}
