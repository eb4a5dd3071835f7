using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Allocation.Insight;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>A service that looks at its book again for every question.</summary>
public sealed class InsightFixture : IAsyncLifetime
{
    public ServiceUnderTest<Program> Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest<Program>.Start(settings: new Dictionary<string, string> { ["Insight:RefreshSeconds"] = "0" });

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>The chance before submitting and the outlook of programmes, over the live book.</summary>
public sealed class InsightChanceTests(InsightFixture fixture) : IClassFixture<InsightFixture>
{
    [Fact]
    public async Task While_applications_come_in_anybody_may_ask_what_a_list_would_bring()
    {
        var stage = await Collecting();
        var answer = await Stage.Ok(Ask(stage, "P-3", "P-1", "P-7"));
        var expected = Expected(stage).Chance(["P-3", "P-1", "P-7"]);
        Assert.Equal(expected, answer.GetProperty("choices").EnumerateArray()
            .Select(choice => new ChoiceChance(choice.GetProperty("programme").GetString()!, choice.GetProperty("thisOrBetter").GetDouble(), choice.GetProperty("this").GetDouble())));
        Assert.Equal(1, expected.Sum(choice => choice.This) + answer.GetProperty("none").GetDouble(), 9);
        Assert.Equal(1, expected[^1].ThisOrBetter); // nobody lists P-7, which has seats for all who come
        Assert.InRange(expected[0].ThisOrBetter, 0.01, 0.5); // most list P-3, which has six
        Assert.Equal((200, stage.Applications.Count(a => !a.Withdrawn), true),
            (answer.GetProperty("draws").GetInt32(), answer.GetProperty("applications").GetInt32(), answer.GetProperty("estimate").GetBoolean()));
        Assert.Contains("εκτίμηση", answer.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("Collecting", (await stage.Draw()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task New_applications_change_the_estimate_and_withdrawn_ones_do_not_count()
    {
        var stage = await Collecting();
        var before = (await Stage.Ok(Ask(stage, "P-7"))).GetProperty("none").GetDouble();
        var newcomers = Enumerable.Range(0, 12).Select(i => stage.Applications[1] with { Ticket = $"ZZ{i:00000000000000}", Preferences = ["P-7"] }).ToList();
        await stage.PublishApplications(newcomers);
        await Until.True(async () => (await Stage.Ok(Ask(stage, "P-7"))).GetProperty("none").GetDouble() > before, "a smaller chance");
        await stage.PublishApplications(newcomers.Select(a => a with { Version = 2, Preferences = [], Withdrawn = true }));
        await Until.True(async () => (await Stage.Ok(Ask(stage, "P-7"))).GetProperty("none").GetDouble() == before, "the chance as it was");
    }

    [Fact]
    public async Task An_application_that_lists_a_programme_yet_to_come_is_counted_without_it()
    {
        var stage = new Stage(fixture.Service);
        await stage.PublishPeriod();
        await stage.PublishApplications();
        await Until.True(async () => (await stage.Get("/outlook")) is { IsSuccessStatusCode: true } found
            && (await found.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("applications").GetInt32() > 0, "applications");
        Assert.Equal(0, (await Stage.Ok(stage.Get("/outlook"))).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_list_with_unknown_or_repeated_programmes_is_refused_with_field_and_rule()
    {
        var stage = await Collecting();
        var problem = await Stage.Refused(422, Ask(stage, "P-1", "NONE", "P-1"));
        Assert.Equal("urn:epimorfosi:problem:list-not-estimable", problem.GetProperty("type").GetString());
        Assert.Equal([("preferences[1]", "R7"), ("preferences[2]", "R13")], problem.GetProperty("faults").EnumerateArray()
            .Select(fault => (fault.GetProperty("field").GetString()!, fault.GetProperty("rule").GetString()!)));
        await Stage.Refused(422, Ask(stage));
        await Stage.Refused(422, fixture.Service.Anyone().PostAsJsonAsync($"/api/draws/{stage.Period}/chance", new { }));
        await Stage.Refused(422, fixture.Service.Anyone().PostAsJsonAsync($"/api/draws/{stage.Period}/chance", new { preferences = new string?[] { null } }));
        await Stage.Refused(404, fixture.Service.Anyone().PostAsJsonAsync("/api/draws/B2-NONE/chance", new { preferences = new[] { "P-1" } }));
        Assert.Equal(404, (int)(await fixture.Service.Anyone().GetAsync("/api/draws/B2-NONE/outlook")).StatusCode);
    }

    [Fact]
    public async Task The_outlook_tells_of_each_programme_what_it_has_and_what_it_needs() // R20
    {
        var stage = await Collecting();
        var outlook = await Stage.Ok(stage.Get("/outlook"));
        var standing = stage.Applications.Where(a => !a.Withdrawn).ToList();
        Assert.All(outlook.GetProperty("items").EnumerateArray(), item =>
        {
            var code = item.GetProperty("programme").GetString()!;
            Assert.Equal(standing.Count(a => a.Preferences.Contains(code)), item.GetProperty("applications").GetInt32());
            Assert.Equal(standing.Count(a => a.Preferences[0] == code), item.GetProperty("firstChoices").GetInt32());
            Assert.Equal(Math.Max(0, 3 - item.GetProperty("expected").GetInt32()), item.GetProperty("needed").GetInt32());
        });
        var (full, empty) = (outlook.GetProperty("items")[3], outlook.GetProperty("items")[7]);
        Assert.Equal((6, 0, 200), (full.GetProperty("expected").GetInt32(), full.GetProperty("needed").GetInt32(), full.GetProperty("viable").GetInt32()));
        Assert.Equal((0, 3, 0), (empty.GetProperty("expected").GetInt32(), empty.GetProperty("needed").GetInt32(), empty.GetProperty("viable").GetInt32()));
    }

    [Fact]
    public async Task The_outlook_comes_in_pages_by_cluster_and_with_an_edition()
    {
        var stage = await Collecting();
        var page = await Stage.Ok(stage.Get("/outlook?page=2&pageSize=3"));
        Assert.Equal(["P-3", "P-4", "P-5"], page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("programme").GetString()));
        Assert.Equal(8, page.GetProperty("total").GetInt32());
        Assert.Equal(0, (await Stage.Ok(stage.Get("/outlook?cluster=B2.1"))).GetProperty("total").GetInt32());
        Assert.Equal("P-5", (await Stage.Ok(stage.Get("/outlook?programme=P-5"))).GetProperty("items")[0].GetProperty("programme").GetString());
        Assert.Equal(200, (int)(await stage.Get("/outlook?page=2000000000&pageSize=1000")).StatusCode);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/draws/{stage.Period}/outlook");
        again.Headers.IfNoneMatch.Add((await stage.Get("/outlook")).Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await fixture.Service.Anyone().SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task What_the_office_strikes_from_the_list_does_not_count() // R31
    {
        var stage = await new Stage(fixture.Service).Freeze();
        var ticket = stage.Applications.First(a => !a.Withdrawn).Ticket;
        var before = (await Stage.Ok(stage.Get("/outlook"))).GetProperty("applications").GetInt32();
        await Stage.Ok(stage.Act("office", "office", $"strikes/{ticket}", new { reason = "submitted twice" }));
        Assert.Equal(before - 1, (await Stage.Ok(stage.Get("/outlook"))).GetProperty("applications").GetInt32());
        await Stage.Ok(stage.Act("office", "office", $"strikes/{ticket}/restore", new { reason = "it was not" }));
        Assert.Equal(before, (await Stage.Ok(stage.Get("/outlook"))).GetProperty("applications").GetInt32());
    }

    [Fact]
    public async Task The_estimate_is_there_after_the_freeze_too_and_says_nothing_of_the_draw()
    {
        var stage = await new Stage(fixture.Service).Commit();
        var before = (await Stage.Ok(Ask(stage, "P-3"))).GetProperty("choices").GetRawText();
        await stage.Reveal();
        await Stage.Ok(stage.Act("office", "office", "run"));
        Assert.Equal(before, (await Stage.Ok(Ask(stage, "P-3"))).GetProperty("choices").GetRawText());
    }

    async Task<Stage> Collecting()
    {
        var stage = new Stage(fixture.Service);
        await stage.PublishPeriod();
        await stage.PublishProgrammes();
        await stage.PublishApplications();
        await Until.True(async () => await stage.Get("/outlook") is { IsSuccessStatusCode: true } found
            && await found.Content.ReadFromJsonAsync<JsonElement>() is var outlook
            && outlook.GetProperty("total").GetInt32() == stage.Programmes.Count
            && outlook.GetProperty("applications").GetInt32() == stage.Applications.Count(a => !a.Withdrawn), "the book");
        return stage;
    }

    Task<HttpResponseMessage> Ask(Stage stage, params string[] preferences) =>
        fixture.Service.Anyone().PostAsJsonAsync($"/api/draws/{stage.Period}/chance", new { preferences });

    static Forecast Expected(Stage stage)
    {
        var book = LiveBook.BookOf(stage.Programmes);
        foreach (var application in stage.Applications.Where(a => !a.Withdrawn).OrderBy(a => a.Ticket, StringComparer.Ordinal))
        {
            book.Add(application.Ticket, application.Preferences);
        }
        return Forecast.Of(new(default, stage.Programmes, book), 200, default);
    }
}
