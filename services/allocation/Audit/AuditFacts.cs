using System.Reflection;
using EPimorfosi.Allocation.Draws;

namespace EPimorfosi.Allocation.Audit;

/// <summary>What the report says.</summary>
/// <param name="Ranks">By rank of the choice got how many; 0 for nobody's seat.</param>
/// <param name="Lines">By word of the claim log how many lines.</param>
/// <param name="LogHash">Hash of the log's last line; null while there is none.</param>
/// <param name="At">When it was asked for.</param>
public sealed record AuditFacts(
    Turn Turn, Status Status, IReadOnlyList<Strike> Strikes, IReadOnlyList<Rehearsal> Rehearsals, IReadOnlyDictionary<int, int> Ranks,
    IReadOnlyDictionary<string, int> Lines, int BelowMinimum, string? LogHash, Software Software, DateTimeOffset At)
{
    public Ceremony Draw => Turn.Published!;

    public int Placed => Ranks.Where(rank => rank.Key > 0).Sum(rank => rank.Value);
}

/// <summary>Which software it was: version with the git commit after the <c>+</c>, and the container image's digest where there is one (<c>Build:Image</c>).</summary>
public sealed record Software(string Version, string? Image)
{
    internal static Software Of(IConfiguration configuration) =>
        new(typeof(Software).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion, configuration["Build:Image"]);
}
