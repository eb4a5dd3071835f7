namespace EPimorfosi.Notifications.Catalogue;

/// <summary>A programme as programmes last told it; <see cref="Body"/> is the contract's <c>Programme</c> as JSON.</summary>
public class KnownProgramme
{
    public required string Period { get; init; }
    public required string Code { get; init; }
    public int Version { get; init; }
    public required string Body { get; init; }
}
