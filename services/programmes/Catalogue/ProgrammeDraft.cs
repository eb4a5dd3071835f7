namespace EPimorfosi.Programmes;

/// <summary>A line of the programmes' file that has passed every check.</summary>
public sealed record ProgrammeDraft(
    int Line, string Code, string Cluster, string Category, string Title, School Centre, int Minimum, int Maximum, DateOnly StartsOn,
    string[] Slots, string[] Trainers, string[] ExtraPrefectures, string[] Nomoi);
