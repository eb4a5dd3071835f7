using System.Net.Http.Json;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>R31: who of the office took which step of the draw is on record.</summary>
public sealed class OfficeActTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Fact]
    public async Task Each_step_of_the_draw_is_recorded_once()
    {
        var stage = await new Stage(fixture.Service).Commit();
        await stage.Reveal();
        var office = fixture.Service.As(Policies.Office, "maria");
        foreach (var step in new[] { "run", "run", "publish", "publish" }) // told twice, done once
        {
            (await office.PostAsync($"/api/draws/{stage.Period}/{step}", null)).EnsureSuccessStatusCode();
        }
        var acts = (await office.GetFromJsonAsync<IReadOnlyList<ActView>>($"/api/audit?period={stage.Period}"))!;
        Assert.Equal(["draw.published", "draw.run"], acts.Take(2).Select(act => act.Act));
        Assert.Equal(["maria", "maria"], acts.Take(2).Select(act => act.Person));
        Assert.Single(acts, act => act is { Act: "draw.committed", Detail: "custodians:2" });
        Assert.Equal(2, acts.Count(act => act.Act == "custodian.revealed"));
    }
}
