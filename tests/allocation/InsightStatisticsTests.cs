using System.Net;
using System.Text.Json;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The figures of a published draw, counted again from its public files.</summary>
public sealed class InsightStatisticsTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Fact]
    public async Task The_statistics_are_what_anybody_counts_in_the_public_files()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var (statistics, results, lists) = (await Stage.Ok(stage.Get("/statistics")), await Results(stage), Lists(stage));
        Assert.Equal((lists.Count, 8, 48), (Count(statistics, "applications"), Count(statistics, "programmes"), Count(statistics, "seats")));
        Assert.Equal(results.Count(result => result.Rank > 0), Count(statistics, "placed"));
        Assert.Equal(results.Count(result => result.Rank == 0), Count(statistics, "none"));
        var shares = statistics.GetProperty("shares");
        Assert.Equal(
            [Share(result => result == 1), Share(result => result is >= 1 and <= 3), Share(result => result > 0), Share(result => result == 0)],
            new[] { "firstChoice", "topThree", "anyChoice", "none" }.Select(name => shares.GetProperty(name).GetDouble()));
        Assert.Equal(results.Where(result => result.Rank > 0).CountBy(result => result.Rank).OrderBy(rank => rank.Key).Select(rank => (rank.Key, rank.Value)),
            statistics.GetProperty("ranks").EnumerateArray().Select(rank => (Count(rank, "rank"), Count(rank, "count"))));
        var cluster = Assert.Single(statistics.GetProperty("clusters").EnumerateArray());
        Assert.Equal(("B2.4", lists.Count, results.Count(r => r.Rank > 0), results.Count(r => r.Rank == 1)),
            (cluster.GetProperty("of").GetString(), Count(cluster, "applications"), Count(cluster, "placed"), Count(cluster, "firstChoice")));
        var prefecture = Assert.Single(statistics.GetProperty("prefectures").EnumerateArray());
        Assert.Equal(("GR-01", 8, 48, results.Count(r => r.Rank > 0)), (prefecture.GetProperty("of").GetString(), Count(prefecture, "programmes"), Count(prefecture, "seats"), Count(prefecture, "placed")));
        Assert.Equal(stage.Programmes.Count(programme => results.Count(r => r.Programme == programme.Code) < programme.Minimum), Count(statistics, "belowMinimum"));

        double Share(Func<int, bool> rank) => Math.Round((double)results.Count(result => rank(result.Rank)) / results.Count, 4);
    }

    [Fact]
    public async Task A_programme_tells_who_wanted_it_and_who_got_it_by_choice() // R19
    {
        var few = new Stage(fixture.Service);
        var stage = await new Stage(fixture.Service)
        {
            Applications = [.. few.Applications.Select((application, i) => application with { Preferences = [.. application.Preferences, .. few.Programmes.Select(p => p.Code).Except(application.Preferences).Take(i % 6)] })],
        }.PublishResults();
        var (results, lists) = (await Results(stage), Lists(stage));
        Assert.Contains(results, result => result.Rank > 3);
        foreach (var programme in stage.Programmes)
        {
            var told = await Stage.Ok(stage.Get($"/programmes/{programme.Code}"));
            Assert.Equal(Counts(lists.Values.Select(list => Array.IndexOf(list, programme.Code) + 1)), ByChoice(told.GetProperty("demand")));
            Assert.Equal(Counts(results.Where(result => result.Programme == programme.Code).Select(result => result.Rank)), ByChoice(told.GetProperty("membersByChoice")));
            var members = results.Index().Where(result => result.Item.Programme == programme.Code).ToList();
            Assert.Equal((members.Count, 3, 6, members.Count >= 3), (Count(told, "members"), Count(told, "minimum"), Count(told, "maximum"), told.GetProperty("viable").GetBoolean()));
            Assert.Equal(members.Count == 6 ? members[^1].Index + 1 : null, told.GetProperty("cutOff").Deserialize<int?>());
            Assert.Equal(results.Count(result => Array.IndexOf(lists[result.Ticket], programme.Code) is >= 0 and var listed && (result.Rank == 0 || listed + 1 < result.Rank)), Count(told, "runnersUp"));
        }
        await Stage.Refused(404, stage.Get("/programmes/NONE"));

        static int[] Counts(IEnumerable<int> ranks) => [.. Enumerable.Range(1, 4).Select(rank => ranks.Count(r => r == rank || (rank == 4 && r > 4)))];

        static int[] ByChoice(JsonElement counts) => [Count(counts, "first"), Count(counts, "second"), Count(counts, "third"), Count(counts, "fourth")];
    }

    [Fact]
    public async Task Each_draw_of_a_period_has_its_own_figures() // R17
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var first = (await Stage.Ok(stage.Get("/statistics"))).GetRawText();
        await Stage.Ok(stage.Act("office", "office", "repeat", new { reason = "Δικαστική απόφαση 123/2023." }));
        await Stage.Ok(stage.Act("office", "office", $"strikes/{stage.Applications[1].Ticket}", new { reason = "Διπλή αίτηση." }));
        await stage.PublishAgain();
        Assert.Equal(first, (await Stage.Ok(stage.Get("/statistics?draw=1"))).GetRawText());
        var second = await Stage.Ok(stage.Get("/statistics"));
        Assert.Equal((2, Lists(stage).Count - 1), (Count(second, "draw"), Count(second, "applications")));
        Assert.Equal(Count(second, "applications"), Count(second, "none") + second.GetProperty("ranks").EnumerateArray().Sum(rank => Count(rank, "count")));
        Assert.Equal(Count(second, "applications"), Count(second.GetProperty("clusters")[0], "applications"));
        var demand = (await Stage.Ok(stage.Get("/programmes/P-3"))).GetProperty("demand");
        Assert.Equal(Lists(stage).Count(list => list.Key != stage.Applications[1].Ticket && list.Value.Contains("P-3")),
            demand.EnumerateObject().Sum(rank => rank.Value.GetInt32()));
    }

    [Fact]
    public async Task A_published_draw_is_asked_for_once()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/draws/{stage.Period}/statistics");
        again.Headers.IfNoneMatch.Add((await stage.Get("/statistics")).Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await fixture.Service.Anyone().SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task There_are_no_figures_before_the_results_are_public()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await stage.Reveal();
        await Stage.Ok(stage.Act("office", "office", "run"));
        await Stage.Refused(409, stage.Get("/statistics"));
        await Stage.Refused(404, fixture.Service.Anyone().GetAsync("/api/draws/B2-NONE/statistics"));
    }

    static async Task<List<(string Ticket, string Programme, int Rank)>> Results(Stage stage) =>
        [.. (await (await stage.Get("/results.txt")).Content.ReadAsStringAsync()).Split('\n')[1..^1].Select(line => line.Split('|')).Select(part => (part[1], part[2], int.Parse(part[3], null)))];

    static Dictionary<string, string[]> Lists(Stage stage) =>
        stage.ApplicationsTxt.Split('\n')[1..^1].Select(line => line.Split('|')).ToDictionary(part => part[0], part => part[2].Split(','));

    static int Count(JsonElement of, string name) => of.GetProperty(name).GetInt32();
}
