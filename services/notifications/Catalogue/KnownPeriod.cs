namespace EPimorfosi.Notifications.Catalogue;

/// <summary>A period as programmes last told it; <see cref="Body"/> is the contract's <c>Period</c> as JSON.</summary>
public class KnownPeriod
{
    public required string Code { get; init; }
    public int Version { get; init; }
    public required string Body { get; init; }
}
