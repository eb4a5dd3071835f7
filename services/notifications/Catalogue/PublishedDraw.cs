namespace EPimorfosi.Notifications.Catalogue;

/// <summary>A draw whose results are public: how many must have been told (I13).</summary>
public class PublishedDraw
{
    public required string Period { get; init; }
    public required int Draw { get; init; }
    public required int Applications { get; init; }
    public required int Placed { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }
}
