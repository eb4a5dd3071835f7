namespace EPimorfosi.Notifications.Recipients;

/// <summary>Whose ticket it is. Only this service and applications may know.</summary>
public class KnownHolder
{
    public required string Period { get; init; }
    public required string Ticket { get; init; }
    public required string RegistryNumber { get; init; }
}
