using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The rescue on real rows (R27): what is previewed is what is done, after all that came before it, and once.</summary>
public sealed class RescueTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    const string Reason = "Το μοναδικό πρόγραμμα του νησιού.";

    [Fact]
    public async Task What_was_previewed_is_done_and_no_programme_is_left_too_small() // R27, I12
    {
        var stage = await Claimed();
        var preview = await Stage.Ok(Office("office", stage).GetAsync(Uri("preview", stage)));
        var small = preview.GetProperty("programmes").EnumerateArray().Where(programme => programme.GetProperty("members").GetInt32() > 0).Select(programme => programme.GetProperty("programme").GetString()!).ToList();
        Assert.True(small.Count > 1, "the test needs programmes below their minimum");
        await Rescue(stage, 7);

        var log = await Log(stage);
        var previewed = preview.GetProperty("members").EnumerateArray().Select(line => (line.GetProperty("ticket").GetString()!, line.GetProperty("event").GetString()!, line.GetProperty("programme").GetString()!)).ToList();
        Assert.NotEmpty(previewed);
        Assert.Equal(previewed, log[(int)preview.GetProperty("line").GetInt64()..].Select(line => (line[2], line[3], line[4])));
        foreach (var seat in await Seats(stage))
        {
            Assert.True(seat.GetProperty("cancelled").GetBoolean() ? seat.GetProperty("members").GetInt32() == 0 && seat.GetProperty("free").GetInt32() == 0 : seat.GetProperty("members").GetInt32() >= 3, seat.ToString());
        }
        var state = await Stage.Ok(fixture.Service.Anyone().GetAsync(Uri("", stage)));
        Assert.Equal((await Seats(stage)).Where(seat => seat.GetProperty("cancelled").GetBoolean()).Select(seat => seat.GetProperty("programme").GetString()).Order(StringComparer.Ordinal),
            state.GetProperty("cancelled").EnumerateArray().Select(code => code.GetString()));
    }

    [Fact]
    public async Task A_programme_that_the_office_keeps_runs_and_the_reason_and_name_are_public() // R27, R31
    {
        var stage = await Claimed();
        var kept = (await Seats(stage)).First(seat => seat.GetProperty("members").GetInt32() is 1 or 2).GetProperty("programme").GetString()!;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Keep(stage, kept, "σύντομο")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Keep(stage, kept, Reason, "auditor")).StatusCode);
        var full = (await Seats(stage)).First(seat => seat.GetProperty("members").GetInt32() >= 3).GetProperty("programme").GetString()!;
        Assert.Equal(HttpStatusCode.Conflict, (await Keep(stage, full, Reason)).StatusCode);
        await Stage.Ok(Keep(stage, kept, Reason));
        await Rescue(stage, 7);

        Assert.Contains(await Log(stage), line => line[3] == "overridden" && line[4] == kept);
        Assert.DoesNotContain(await Log(stage), line => line[3] == "cancelled" && line[4] == kept);
        var state = await Stage.Ok(fixture.Service.Anyone().GetAsync(Uri("", stage)));
        Assert.DoesNotContain(kept, state.GetProperty("cancelled").EnumerateArray().Select(code => code.GetString()));
        Assert.Equal((kept, Reason, "office"), (state.GetProperty("kept")[0].GetProperty("programme").GetString(), state.GetProperty("kept")[0].GetProperty("reason").GetString(), state.GetProperty("kept")[0].GetProperty("by").GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await Keep(stage, kept, Reason)).StatusCode);
    }

    [Fact]
    public async Task After_it_who_claims_is_refused_and_a_second_rescue_does_nothing() // R27
    {
        var stage = await Claimed();
        await Rescue(stage, 7);
        var lines = (await Log(stage)).Count;
        await Rescue(stage, 8);
        await stage.Service.Bus.Publish(new SeatRequestsAccepted(stage.Period, [new(9, 7, SeatRequestKind.Claim, "TOOLATE", ["P-3"], default)]));
        await Decided(stage, 9);

        Assert.Equal(["7", "TOOLATE", "refused", "-"], (await Log(stage))[lines..].Single()[1..5]);
        Assert.Equal(HttpStatusCode.Conflict, (await Office("office", stage).GetAsync(Uri("preview", stage))).StatusCode);
    }

    [Fact]
    public async Task It_waits_for_the_requests_before_it_and_a_restart_finds_it_done()
    {
        var stage = await new Stage(fixture.Service, applications: 24).PublishResults();
        await Send(stage, new SeatRequest(7, null, SeatRequestKind.Rescue, "-", [], default));
        await Task.Delay(500);
        Assert.Empty(await Log(stage));
        await Send(stage, Claims);
        await Decided(stage, 7);
        var lines = await Log(stage);
        await using var other = await fixture.Service.Again(); // knows from the rows alone
        await Send(stage, new SeatRequest(8, 7, SeatRequestKind.Claim, "TOOLATE", ["P-3"], default));
        await Decided(stage, 8);
        Assert.Contains(lines, line => line[3] is "rescued" or "cancelled");
        Assert.Equal("refused", (await Log(stage))[lines.Count..].Single()[3]);
    }

    /// <summary>Newcomers who leave three programmes with one or two members each.</summary>
    static SeatRequest[] Claims =>
    [
        .. new[] { "P-5", "P-7", "P-7", "P-5", "P-7", "P-6" }.Select((code, i) =>
            new SeatRequest(i + 1, i + 1, SeatRequestKind.Claim, $"NEW{i}", i == 5 ? [code] : [code, "P-3", "P-4"], default)),
    ];

    async Task<Stage> Claimed()
    {
        var stage = await new Stage(fixture.Service, applications: 24).PublishResults();
        await Send(stage, Claims);
        await Decided(stage, 6);
        return stage;
    }

    static async Task Rescue(Stage stage, long order)
    {
        await Send(stage, new SeatRequest(order, null, SeatRequestKind.Rescue, "-", [], default));
        await Decided(stage, order);
    }

    static Task Send(Stage stage, params SeatRequest[] requests) => stage.Service.Bus.Publish(new SeatRequestsAccepted(stage.Period, requests));

    static Task Decided(Stage stage, long order) => Until.True(async () =>
    {
        await using var connection = new NpgsqlConnection(stage.Service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select coalesce(max(next_order), 0) from seat_heads where period = '{stage.Period}'", connection);
        return (long)(await command.ExecuteScalarAsync())! == order + 1;
    }, $"request {order} to be decided");

    async Task<List<string[]>> Log(Stage stage) =>
        [.. (await fixture.Service.Anyone().GetStringAsync(new Uri($"/api/seats/{stage.Period}/log.txt", UriKind.Relative))).Split('\n')[1..^1].Select(line => line.Split('|'))];

    async Task<List<JsonElement>> Seats(Stage stage) =>
        [.. (await Stage.Ok(fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}", UriKind.Relative)))).GetProperty("items").EnumerateArray()];

    static Task<HttpResponseMessage> Keep(Stage stage, string programme, string reason, string role = "office") =>
        Office(role, stage).PutAsJsonAsync(Uri($"kept/{programme}", stage), new { reason });

    static HttpClient Office(string role, Stage stage) => stage.Service.As(role, role);

    static Uri Uri(string path, Stage stage) => new($"/api/seats/{stage.Period}/rescue{(path.Length == 0 ? "" : "/")}{path}", UriKind.Relative);
}
