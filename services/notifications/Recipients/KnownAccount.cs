namespace EPimorfosi.Notifications.Recipients;

/// <summary>An account that is more than a teacher's, as the gateway last told it.</summary>
public class KnownAccount
{
    /// <summary>How <see cref="Preferences"/> and links name it: it may be in no register.</summary>
    public static string Key(Guid id) => $"account:{id}";

    public required Guid Id { get; init; }
    public int Version { get; init; }
    public required string UserName { get; init; }
    public required string[] Roles { get; init; }
    public string? RegistryNumber { get; init; }

    /// <summary>School code of the centre it acts for.</summary>
    public string? Centre { get; init; }
    public string? Email { get; init; }
}
