using EPimorfosi.Allocation.Draws;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Allocation.Insight;

/// <summary>All that is counted of one published draw.</summary>
public sealed record DrawFigures(DrawStatistics Statistics, IReadOnlyDictionary<string, ProgrammeStatistics> Programmes)
{
    public static DrawFigures Of(
        Ceremony draw, IReadOnlyList<ClusterRank> outcomes, IReadOnlyList<ProgrammeRank> demand, IReadOnlyList<ProgrammeRank> members,
        IReadOnlyList<(Programme Listed, DrawnProgramme Drawn)> programmes)
    {
        var (wanted, got) = (demand.ToLookup(row => row.Programme), members.ToLookup(row => row.Programme));
        var ranks = outcomes.GroupBy(row => row.Rank).OrderBy(group => group.Key).Select(group => (Rank: group.Key, Count: group.Sum(row => row.Count))).ToList();
        var none = ranks.Where(row => row.Rank == 0).Sum(row => row.Count);
        var statistics = new DrawStatistics(
            draw.Period, draw.Number, draw.PublishedAt!.Value, draw.Applications, programmes.Count, programmes.Count(programme => programme.Drawn.BelowMinimum),
            programmes.Sum(programme => programme.Listed.Maximum), draw.Applications - none, none,
            new(Share(ranks.Where(row => row.Rank == 1).Sum(row => row.Count)), Share(ranks.Where(row => row.Rank is >= 1 and <= 3).Sum(row => row.Count)),
                Share(draw.Applications - none), Share(none)),
            [.. ranks.Where(row => row.Rank > 0).Select(row => new RankCount(row.Rank, row.Count, Share(row.Count)))],
            [.. Grouped(programme => programme.Cluster, outcomes.Select(row => row.Cluster)).Select(group => new ClusterStatistics(
                group.Of, group.Programmes, group.BelowMinimum, group.Seats, Sum(group.Of, _ => true), Sum(group.Of, rank => rank > 0), Sum(group.Of, rank => rank == 1)))],
            [.. Grouped(programme => programme.Prefecture, []).Select(group => new PrefectureStatistics(group.Of, group.Programmes, group.BelowMinimum, group.Seats, group.Members))]);
        return new(statistics, programmes.ToDictionary(programme => programme.Listed.Code, programme => new ProgrammeStatistics(
            programme.Listed.Code, programme.Drawn.Members, programme.Drawn.CutOff, programme.Drawn.RunnersUp, programme.Drawn.BelowMinimum, !programme.Drawn.BelowMinimum,
            programme.Listed.Minimum, programme.Listed.Maximum, ByChoice.Of(wanted[programme.Listed.Code]), ByChoice.Of(got[programme.Listed.Code])), StringComparer.Ordinal));

        double Share(int count) => draw.Applications == 0 ? 0 : Math.Round((double)count / draw.Applications, 4);

        int Sum(string cluster, Func<int, bool> rank) => outcomes.Where(row => row.Cluster == cluster && rank(row.Rank)).Sum(row => row.Count);

        IEnumerable<(string Of, int Programmes, int BelowMinimum, int Seats, int Members)> Grouped(Func<Programme, string> by, IEnumerable<string> more)
        {
            var groups = programmes.ToLookup(programme => by(programme.Listed), StringComparer.Ordinal);
            return groups.Select(group => group.Key).Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(of => (
                of, groups[of].Count(), groups[of].Count(programme => programme.Drawn.BelowMinimum), groups[of].Sum(programme => programme.Listed.Maximum),
                groups[of].Sum(programme => programme.Drawn.Members)));
        }
    }
}

/// <summary>A published draw in figures.</summary>
/// <param name="BelowMinimum">Programmes that go to phase B (R20).</param>
/// <param name="None">Applications that got no seat.</param>
/// <param name="Ranks">Of those who got a seat, by the rank of that seat on their list.</param>
public sealed record DrawStatistics(
    string Period, int Draw, DateTimeOffset PublishedAt, int Applications, int Programmes, int BelowMinimum, int Seats, int Placed, int None, DrawShares Shares,
    IReadOnlyList<RankCount> Ranks, IReadOnlyList<ClusterStatistics> Clusters, IReadOnlyList<PrefectureStatistics> Prefectures);

/// <summary>Shares of all applications.</summary>
public sealed record DrawShares(double FirstChoice, double TopThree, double AnyChoice, double None);

public sealed record RankCount(int Rank, int Count, double Share);

/// <param name="Applications">Applications to this cluster, <paramref name="Placed"/> of them with a seat, <paramref name="FirstChoice"/> with their first choice.</param>
public sealed record ClusterStatistics(string Of, int Programmes, int BelowMinimum, int Seats, int Applications, int Placed, int FirstChoice);

/// <summary>By the prefecture of the programmes' centres: the draw knows no teacher's own.</summary>
public sealed record PrefectureStatistics(string Of, int Programmes, int BelowMinimum, int Seats, int Placed);

/// <summary>A programme after a draw, and who wanted it (R19).</summary>
/// <param name="CutOff">Place that took the last seat; null if seats were left.</param>
/// <param name="Demand">How many listed it.</param>
/// <param name="MembersByChoice">How many of its members had listed it so.</param>
public sealed record ProgrammeStatistics(
    string Programme, int Members, int? CutOff, int RunnersUp, bool BelowMinimum, bool Viable, int Minimum, int Maximum, ByChoice Demand, ByChoice MembersByChoice);

/// <summary>Counts by rank on the list.</summary>
/// <param name="Fourth">Fourth or later.</param>
public sealed record ByChoice(int First, int Second, int Third, int Fourth)
{
    public const int Later = 4;

    internal static ByChoice Of(IEnumerable<ProgrammeRank> rows)
    {
        var counts = new int[Later + 1];
        foreach (var row in rows)
        {
            counts[row.Rank] += row.Count;
        }
        return new(counts[1], counts[2], counts[3], counts[4]);
    }
}
