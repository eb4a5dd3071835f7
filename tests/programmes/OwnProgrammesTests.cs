using System.Net;
using System.Net.Http.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

/// <summary>A centre sees its own programmes and sets their weekly times (R3); a trainer sees those they teach.</summary>
public sealed class OwnProgrammesTests(SharedService shared) : IClassFixture<SharedService>
{
    readonly ServiceUnderTest<Program> service = shared.Service;

    HttpClient Centre(string centre = Agrinio) => service.As(Policies.Centre, "centre", centre: centre, language: "en");

    [Fact]
    public async Task Each_sees_their_own_and_nobody_elses()
    {
        var period = await Filled("A", "B");
        var other = (string)(await service.Read("/api/reference/schools?prefecture=GR-A1-A&pageSize=1"))["items"]![0]!["code"]!;
        await service.Import(period, Header + Line($"{period}-C", centre: other));
        Assert.Equal([$"{period}-A", $"{period}-B"], await Codes(Centre(), period));
        Assert.Equal([$"{period}-A"], await Codes(service.As(Policies.Trainer, "trainer", "T-7"), period));
        Assert.Empty(await Codes(service.As(Policies.Trainer, "trainer", "T-"), period)); // no part of a number is that number
        Assert.Equal("T-7:60", (string)(await (await Centre().GetAsync($"/api/programmes/mine/{period}-A")).Body())["trainers"]![0]!);
        Assert.Equal(HttpStatusCode.NotFound, (await Centre(other).GetAsync($"/api/programmes/mine/{period}-A")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Centre(other).PutAsJsonAsync($"/api/programmes/mine/{period}-A/timetable", Times(1, "Mon 17:00", "Wed 17:00"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Trainer, "trainer", "T-7").PutAsJsonAsync($"/api/programmes/mine/{period}-A/timetable", Times(1, "Mon 17:00"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Teacher, "t", "T-7").GetAsync("/api/programmes/mine")).StatusCode);
    }

    [Fact]
    public async Task What_a_timetable_adds_up_to_is_told_before_it_is_kept()
    {
        var period = await Filled("A");
        var sum = await (await Centre().PostAsJsonAsync($"/api/programmes/mine/{period}-A/timetable/sum", Times(0, "Tue 17:00", "Thu 17:00"))).Body();
        Assert.Equal((14, 6, 46, 14, 60, 60), ((int)sum["sessions"]!, (int)sum["supportMeetings"]!, (int)sum["liveHours"]!, (int)sum["asynchronousHours"]!, (int)sum["hours"]!, (int)sum["hoursNeeded"]!));
        Assert.Empty(sum["faults"]!.AsArray());
        var once = await (await Centre().PostAsJsonAsync($"/api/programmes/mine/{period}-A/timetable/sum", Times(0, "Tue 17:00", ""))).Body();
        Assert.Equal((45, "R3"), ((int)once["hours"]!, (string)once["faults"]![0]!["rule"]!));
        var atSchool = await (await Centre().PostAsJsonAsync($"/api/programmes/mine/{period}-A/timetable/sum", Times(0, "Tue 10:00", "never"))).Body();
        Assert.Equal("slots", (string)atSchool["faults"]![0]!["field"]!);
        Assert.Equal(1, (int)(await service.Read($"/api/programmes/{period}-A"))["version"]!);
    }

    [Fact]
    public async Task Weekly_times_are_kept_and_told_and_of_two_who_change_them_the_second_is_told()
    {
        var period = await Filled("A");
        var address = $"/api/programmes/mine/{period}-A/timetable";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Centre().PutAsJsonAsync(address, Times(1, "Tue 10:00"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Centre().PutAsJsonAsync(address, Times(1, "Wed 18:00", "Mon 18:00"))).StatusCode);
        await Until.True(() => service.Bus.Heard<ProgrammesPublished>().Any(message => message.Programmes.Any(one => one.Code == $"{period}-A" && one.Version == 2 && one.Slots.SequenceEqual(["Mon 18:00", "Wed 18:00"]))), "the others to be told");
        var second = await Centre().PutAsJsonAsync(address, Times(1, "Tue 19:00", "Thu 19:00"));
        Assert.Equal((HttpStatusCode.Conflict, "urn:epimorfosi:problem:changed-meanwhile"), (second.StatusCode, (string)(await second.Body())["type"]!));
        Assert.Equal("Mon 18:00", (string)(await service.Read($"/api/programmes/{period}-A"))["slots"]![0]!);
        Assert.Equal(HttpStatusCode.OK, (await Centre().PutAsJsonAsync(address, Times(2, "Tue 19:00", "Thu 19:00"))).StatusCode);
    }

    [Fact]
    public async Task While_phase_A_is_open_the_first_day_stays_and_after_it_all_does() // R17
    {
        await using var later = await Open(InPhaseA);
        await later.PutPeriod("P");
        await later.Import("P", Header + Line("A"));
        var centre = later.As(Policies.Centre, "centre", centre: Agrinio, language: "en");
        var moved = await centre.PutAsJsonAsync("/api/programmes/mine/A/timetable", new { startsOn = "2023-03-08", slots = new[] { "Mon 17:00", "Wed 17:00" }, version = 1 });
        Assert.Equal("R17", (string)(await moved.Body())["rule"]!);
        Assert.Equal(HttpStatusCode.OK, (await centre.PutAsJsonAsync("/api/programmes/mine/A/timetable", Times(1, "Mon 17:00", "Wed 17:00"))).StatusCode);
        later.Clock!.SetUtcNow(LastSecondOfPhaseA.AddSeconds(1));
        Assert.Equal(HttpStatusCode.Conflict, (await centre.PutAsJsonAsync("/api/programmes/mine/A/timetable", Times(2, "Tue 17:00", "Thu 17:00"))).StatusCode);
    }

    static object Times(int version, params string[] slots) => new { startsOn = "2023-03-07", slots, version };

    /// <summary>The first has a trainer.</summary>
    async Task<string> Filled(params string[] names)
    {
        var period = SharedService.NewPeriod();
        await service.PutPeriod(period);
        await service.Import(period, Header + string.Concat(names.Select((name, index) => Line($"{period}-{name}", tail: $",,2023-03-07,Tue 17:00|Thu 17:00,{(index == 0 ? "T-7:60" : "")},"))));
        return period;
    }

    static async Task<string[]> Codes(HttpClient client, string period) =>
        [.. (await (await client.GetAsync($"/api/programmes/mine?period={period}")).Body())["items"]!.AsArray().Select(programme => (string)programme!["code"]!)];
}
