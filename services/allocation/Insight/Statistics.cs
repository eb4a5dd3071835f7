using System.Collections.Concurrent;
using EPimorfosi.Allocation.Draws;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Insight;

/// <summary>The figures of published draws: they never change, so each draw is counted once and kept.</summary>
public sealed class Statistics(IServiceScopeFactory scopes)
{
    readonly ConcurrentDictionary<(string Period, int Draw), Lazy<Task<DrawFigures>>> draws = [];

    public async Task<DrawFigures> Of(Ceremony draw, CancellationToken cancellationToken)
    {
        var key = (draw.Period, draw.Number);
        var count = draws.GetOrAdd(key, _ => new(() => Count(draw)));
        try
        {
            return await count.Value.WaitAsync(cancellationToken);
        }
        catch when (count.Value.IsFaulted)
        {
            draws.TryRemove(new(key, count)); // whoever asks next tries again
            throw;
        }
    }

    async Task<DrawFigures> Count(Ceremony draw)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AllocationDb>();
        var outcomes = await db.Database.SqlQuery<ClusterRank>($"""
            select a.cluster, o.rank, count(*)::int as count
            from outcomes o join applications a on a.period = o.period and a.ticket = o.ticket
            where o.period = {draw.Period} and o.draw = {draw.Number} group by a.cluster, o.rank
            """).ToListAsync();
        var demand = await db.Database.SqlQuery<ProgrammeRank>($"""
            select listed.code as programme, least(listed.rank, {ByChoice.Later})::int as rank, count(*)::int as count
            from outcomes o join applications a on a.period = o.period and a.ticket = o.ticket, unnest(a.preferences) with ordinality as listed (code, rank)
            where o.period = {draw.Period} and o.draw = {draw.Number} group by 1, 2
            """).ToListAsync();
        var members = await db.Database.SqlQuery<ProgrammeRank>($"""
            select programme, least(rank, {ByChoice.Later})::int as rank, count(*)::int as count
            from outcomes where period = {draw.Period} and draw = {draw.Number} and programme is not null group by 1, 2
            """).ToListAsync();
        var catalogue = await db.Programmes.AsNoTracking().Where(programme => programme.Period == draw.Period).OrderBy(programme => programme.Code)
            .Select(programme => programme.Body).ToListAsync();
        var drawn = await db.DrawnProgrammes.AsNoTracking().Where(programme => programme.Period == draw.Period && programme.Draw == draw.Number)
            .ToDictionaryAsync(programme => programme.Code);
        return DrawFigures.Of(draw, outcomes, demand, members, [.. catalogue.Select(programme => (programme, drawn[programme.Code]))]);
    }
}

/// <summary>How many of a cluster got this rank, 0 for nothing.</summary>
public sealed record ClusterRank(string Cluster, int Rank, int Count);

/// <summary>How many listed a programme at this rank, or got it; the last rank stands for all later ones.</summary>
public sealed record ProgrammeRank(string Programme, int Rank, int Count);
