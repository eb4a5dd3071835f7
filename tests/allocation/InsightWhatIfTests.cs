using System.Net.Http.Json;
using System.Text.Json;
using CsCheck;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Another catalogue tried on the same applications.</summary>
public sealed class InsightWhatIfTests(InsightFixture fixture) : IClassFixture<InsightFixture>
{
    [Fact]
    public void Without_changes_both_sides_are_the_same() => Instances.Draws.Sample(instance =>
    {
        var sides = WhatIf.Of(Live(instance), [], 10);
        Assert.Equal(JsonSerializer.Serialize(sides.Baseline), JsonSerializer.Serialize(sides.Changed));
        Assert.Empty(sides.Programmes);
    }, iter: 50);

    [Fact]
    public void Another_seat_harms_nobody_in_any_order() => Scenarios.Sample((instance, programme) => // so neither do more seats lower what is expected
    {
        var (before, after) = Ranks(instance, [new(Programme: programme.Code, Maximum: programme.Maximum + 1)]);
        Assert.All(before.Zip(after), rank => Assert.True(NotWorse(rank.First, rank.Second), $"{rank}"));
    }, iter: 300);

    [Fact]
    public void A_larger_maximum_never_lowers_the_expected_number_of_placed() => Scenarios.Sample((instance, programme) =>
    {
        var sides = WhatIf.Of(Live(instance), [new(Programme: programme.Code, Maximum: programme.Maximum + 2)], 20);
        Assert.True(sides.Changed.Placed >= sides.Baseline.Placed);
        Assert.True(sides.Changed.None <= sides.Baseline.None);
        Assert.Equal(sides.Baseline.Seats + 2, sides.Changed.Seats);
    }, iter: 100);

    [Fact]
    public void Without_a_programme_no_more_are_placed_and_nobody_lists_it() => Scenarios.Sample((instance, programme) =>
    {
        var sides = WhatIf.Of(Live(instance), [new(Remove: programme.Code)], 20);
        Assert.True(sides.Changed.Placed <= sides.Baseline.Placed);
        Assert.Equal((sides.Baseline.Programmes - 1, sides.Baseline.Seats - programme.Maximum), (sides.Changed.Programmes, sides.Changed.Seats));
        Assert.Equal((programme.Code, null), (sides.Programmes[0].Before!.Programme, sides.Programmes[0].After));
    }, iter: 100);

    [Fact]
    public void An_added_programme_stands_right_after_the_one_it_is_like_and_takes_its_place_if_that_is_removed() => Scenarios.Sample((instance, programme) =>
    {
        var added = new CatalogueChange(Add: new("NEW", programme.Code, 1, 2));
        var live = Live(instance);
        foreach (var removed in new[] { false, true })
        {
            var (_, book) = WhatIf.Apply(live, removed ? [added, new(Remove: programme.Code)] : [added]);
            Assert.All(instance.Lists().Index(), list => Assert.Equal(
                list.Item.SelectMany(code => code != programme.Code ? [code] : removed ? ["NEW"] : new[] { code, "NEW" }),
                book.Choices(list.Index).ToArray().Select(number => book.Programmes[number].Code)));
        }
    }, iter: 100);

    [Fact]
    public void The_figures_are_those_of_a_naive_count() => Scenarios.Sample((instance, _) =>
    {
        const int draws = 20;
        var (side, lists, shuffle) = (WhatIf.Of(Live(instance), [], draws).Baseline, instance.Lists(), new Shuffle(instance.Arrivals.Length));
        var ranks = Enumerable.Range(0, draws).Select(_ => InsightOrders.Ranks(instance.Programmes, lists, shuffle.Next().ToArray())).ToList();
        double all = Math.Max(1, draws * lists.Length);
        Assert.Equal(Math.Round(ranks.Sum(draw => draw.Count(rank => rank > 0)) / (double)draws, 1), side.Placed);
        Assert.Equal(Math.Round(ranks.Sum(draw => draw.Count(rank => rank == 1)) / all, 4), side.FirstChoice);
        Assert.Equal(Math.Round(ranks.Sum(draw => draw.Count(rank => rank is >= 1 and <= 3)) / all, 4), side.TopThree);
        Assert.Equal(Math.Round(ranks.Sum(draw => draw.Count(rank => rank == 0)) / all, 4), side.None);
        Assert.Equal(instance.Programmes.Where(programme => ranks.Count(draw => draw.Index().Count(rank =>
            rank.Item > 0 && lists[rank.Index][rank.Item - 1] == programme.Code) >= programme.Minimum) < draws / 2.0).Select(programme => programme.Code), side.AtRisk.Select(risk => risk.Programme));
        Assert.Equal(side.Placed, side.ByCluster.Sum(group => group.Placed), tolerance: 0.2); // each is rounded
    }, iter: 100);

    [Fact]
    public async Task The_office_asks_and_the_book_and_the_draw_stay_as_they_are()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        var before = (await stage.Draw()).GetRawText();
        var answer = await Stage.Ok(stage.Act("office", "office", "what-if", new
        {
            draws = 50,
            changes = new object[] { new { programme = "P-3", maximum = 20 }, new { remove = "P-7" }, new { add = new { code = "NEW", like = "P-3", minimum = 3, maximum = 6 } } },
        }));
        var (baseline, changed) = (answer.GetProperty("baseline"), answer.GetProperty("changed"));
        Assert.Equal((48, 48 + 14 - 6 + 6), (baseline.GetProperty("seats").GetInt32(), changed.GetProperty("seats").GetInt32()));
        Assert.True(changed.GetProperty("placed").GetDouble() > baseline.GetProperty("placed").GetDouble());
        Assert.Contains("P-7", baseline.GetProperty("atRisk").EnumerateArray().Select(risk => risk.GetProperty("programme").GetString())); // nobody lists it
        Assert.Equal("B2.4", baseline.GetProperty("byCluster")[0].GetProperty("of").GetString());
        Assert.Equal("GR-01", baseline.GetProperty("byPrefecture")[0].GetProperty("of").GetString());
        Assert.Equal(["P-3", "P-7", "NEW"], answer.GetProperty("programmes").EnumerateArray().Select(programme => programme.GetProperty("programme").GetString()));
        Assert.Contains("αμέσως μετά", answer.GetProperty("assumption").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, (await stage.Draw()).GetRawText());
        Assert.Equal(stage.ProgrammesTxt, await (await stage.Get("/programmes.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(JsonValueKind.Null, (await Stage.Ok(stage.Act("office", "office", "what-if"))).GetProperty("assumption").ValueKind);
    }

    [Fact]
    public async Task Only_the_office_may_ask()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        Assert.Equal(403, (int)(await stage.Act("auditor", "a", "what-if")).StatusCode);
        Assert.Equal(401, (int)(await fixture.Service.Anyone().PostAsJsonAsync($"/api/draws/{stage.Period}/what-if", new { })).StatusCode);
        await Stage.Refused(404, fixture.Service.As("office").PostAsJsonAsync("/api/draws/B2-NONE/what-if", new { }));
    }

    [Fact]
    public async Task A_question_that_makes_no_sense_is_refused_with_every_field()
    {
        var stage = await new Stage(fixture.Service).Freeze();
        var problem = await Stage.Refused(422, stage.Act("office", "office", "what-if", new
        {
            draws = 5,
            changes = new object?[]
            {
                new { programme = "NONE", maximum = 20 }, new { programme = "P-1", minimum = 7 }, new { programme = "P-2" }, new { remove = "NONE" }, new { remove = "P-1" },
                new { programme = "P-3", maximum = 9, remove = "P-3" }, new { add = new { code = "new", like = "P-9", minimum = 0, maximum = 6 } },
                new { add = new { code = "P-4", like = "P-4", minimum = 3, maximum = 2000 } }, null,
            },
        }));
        Assert.Equal(
            [
                "draws", "changes[0].programme", "changes[1].maximum", "changes[2]", "changes[3].remove", "changes[3]", "changes[4]", "changes[5]",
                "changes[6].add.code", "changes[6].add.like", "changes[6].add.minimum", "changes[7].add.code", "changes[7].add.maximum", "changes[8]",
            ],
            problem.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("field").GetString()));
        Assert.All(problem.GetProperty("faults").EnumerateArray(), fault => Assert.DoesNotContain("Fault.", fault.GetProperty("reason").GetString(), StringComparison.Ordinal));
        await Stage.Refused(422, stage.Act("office", "office", "what-if", new { changes = Enumerable.Range(0, 101).Select(i => new { remove = $"P-{i}" }) }));
    }

    static readonly Gen<(DrawInstance Instance, DrawProgramme Programme)> Scenarios =
        from instance in Instances.Draws
        from programme in Gen.Int[0, instance.Programmes.Length - 1]
        select (instance, instance.Programmes[programme]);

    static bool NotWorse(int before, int after) => before == 0 || (after > 0 && after <= before);

    /// <summary>By application in the instance's own order, the rank before and after.</summary>
    static (int[] Before, int[] After) Ranks(DrawInstance instance, CatalogueChange[] changes)
    {
        var (live, order) = (Live(instance), Draw.Run(instance.Book(), instance.Seed).Order);
        var after = WhatIf.Apply(live, changes).Book;
        return (InsightOrders.Ranks(instance.Programmes, instance.Lists(), order), InsightOrders.Ranks([.. after.Programmes], instance.Lists(), order));
    }

    static LiveBook Live(DrawInstance instance) => new(default, [.. instance.Programmes.Select((programme, i) => new Programme(
        programme.Code, 1, $"B2.{1 + (i % 2)}", "IIb", programme.Code, "C-1", "Centre", "GR-01", [], programme.Minimum, programme.Maximum, null, []))], instance.Book());
}
