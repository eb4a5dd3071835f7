namespace EPimorfosi.Gateway.Accounts;

/// <summary>Σύνδεση: one device that is signed in to an account. Neither its address nor all that it says of itself is kept.</summary>
public class OpenSession
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid Account { get; init; }

    /// <summary>The account's stamp when it was begun: with another stamp it has ended.</summary>
    public required string Stamp { get; init; }

    /// <summary>Browser and system; empty if it says neither.</summary>
    public required string Device { get; init; }

    /// <summary>An API client's, which lasts longer.</summary>
    public required bool Program { get; init; }
    public required DateTimeOffset Since { get; init; }

    /// <summary>To some minutes.</summary>
    public required DateTimeOffset LastSeen { get; init; }
}

/// <summary>What a browser says it is, in two words. Pure.</summary>
static class Device
{
    static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    internal static string Of(string userAgent) => string.Join(", ", new[] { First(Browsers, userAgent), First(Systems, userAgent) }.OfType<string>());

    static string? First((string Mark, string Name)[] known, string userAgent) => known.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
