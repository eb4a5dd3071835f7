namespace EPimorfosi.Notifications.Catalogue;

/// <summary>Who teaches a programme, as programmes last told it: registry numbers.</summary>
public class KnownTrainers
{
    public required string Period { get; init; }
    public required string Code { get; init; }
    public int Version { get; init; }
    public required string[] Numbers { get; init; }
}
