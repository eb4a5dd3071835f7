namespace EPimorfosi.Notifications.Recipients;

/// <summary>A teacher's contacts, as applications last told them.</summary>
public class KnownContact
{
    public required string RegistryNumber { get; init; }
    public int Version { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string Email { get; init; }
    public string? Mobile { get; init; }

    /// <summary><c>el</c> or <c>en</c>.</summary>
    public required string Language { get; init; }
}
