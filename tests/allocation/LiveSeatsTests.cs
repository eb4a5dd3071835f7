using System.Diagnostics;
using System.Net;
using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Seats as everybody sees them while they go (R22): from memory on every replica, and as a stream of changes.</summary>
public sealed class LiveSeatsTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Fact]
    public async Task A_claim_decided_anywhere_is_seen_on_every_replica_by_call_and_by_stream()
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults();
        await using var other = await fixture.Service.Again();
        await using var here = await SeatReader.Open(fixture.Service, stage.Period);
        await using var there = await SeatReader.Open(other, stage.Period);
        await Until.True(() => here.Seats.Count == 8 && there.Seats.Count == 8, "all seats on both");
        var before = here.Seats["P-7"];
        await Claim(stage, 1, "P-7");
        foreach (var (replica, reader) in new[] { (fixture.Service, here), (other, there) })
        {
            await Until.True(() => reader.Seats["P-7"] == before with { Members = before.Members + 1, Free = before.Free - 1, Needed = before.Needed - 1 }, "the claim on the stream");
            Assert.Equal(["P-7"], reader.Events[^1].Seats.Select(seat => seat.Programme)); // nothing but what changed
            Assert.Equal(before.Members + 1, (await Read(replica, stage.Period)).Single(seat => seat.Programme == "P-7").Members);
        }
        Assert.Equal(here.Events[^1].Id, there.Events[^1].Id); // a reader may come back to another replica
    }

    [Fact]
    public async Task An_answer_is_asked_about_by_its_tag_and_comes_again_only_when_seats_changed()
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults();
        var first = await Ask(stage, "");
        Assert.Equal("public, no-cache", first.Headers.CacheControl!.ToString().Replace("no-cache, public", "public, no-cache", StringComparison.Ordinal));
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, (await Ask(stage, "", tag)).StatusCode);
        await Claim(stage, 1, "P-6");
        await Until.True(async () => (await Ask(stage, "", tag)).StatusCode == HttpStatusCode.OK, "another edition");
        var second = await Ask(stage, "", tag);
        Assert.NotEqual(tag, second.Headers.ETag!.ToString());
        Assert.NotEqual(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(8, (await Read(fixture.Service, stage.Period, "?pageSize=3&page=1")).Concat(await Read(fixture.Service, stage.Period, "?pageSize=3&page=2"))
            .Concat(await Read(fixture.Service, stage.Period, "?pageSize=3&page=3")).Select(seat => seat.Programme).Distinct().Count());
        Assert.Empty(await Read(fixture.Service, stage.Period, "?cluster=B2.5"));
        Assert.Empty(await Read(fixture.Service, stage.Period, "?page=2147483647&pageSize=2000"));
    }

    [Fact]
    public async Task Who_comes_late_gets_all_and_who_comes_back_only_what_they_missed()
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults();
        var tag = (await Ask(stage, "")).Headers.ETag!.Tag.ToString().Trim('"');
        await using var first = await SeatReader.Open(fixture.Service, stage.Period);
        await Until.True(() => first.Seats.Count == 8, "all seats");
        Assert.Equal(tag, first.Events[0].Id);
        await Claim(stage, 1, "P-5");
        await Until.True(() => first.Events.Count == 2, "the claim");
        await using var late = await SeatReader.Open(fixture.Service, stage.Period);
        await using var back = await SeatReader.Open(fixture.Service, stage.Period, lastEventId: tag);
        await using var rendered = await SeatReader.Open(fixture.Service, stage.Period, since: tag);
        await using var stranger = await SeatReader.Open(fixture.Service, stage.Period, lastEventId: "9-9-nothing-9");
        await Until.True(() => new[] { late, back, rendered, stranger }.All(reader => reader.Events.Count == 1), "an event each");
        Assert.Equal(first.Seats, late.Seats);
        Assert.Equal(8, stranger.Seats.Count);
        Assert.Equal([("P-5", first.Seats["P-5"])], back.Seats.Select(seat => (seat.Key, seat.Value)));
        Assert.Equal(back.Seats, rendered.Seats);
        await using var current = await SeatReader.Open(fixture.Service, stage.Period, lastEventId: first.Events[^1].Id);
        await Claim(stage, 2, "P-6");
        await Until.True(() => current.Events.Count > 0, "the next claim");
        Assert.Equal(["P-6"], current.Seats.Keys);
    }

    [Fact]
    public async Task Many_decisions_are_few_events_and_the_last_state_is_right()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var watch = Stopwatch.StartNew();
        await using var reader = await SeatReader.Open(fixture.Service, stage.Period);
        const int count = 1000;
        for (var order = 1; order <= count; order++)
        {
            await stage.Service.Bus.Publish(new SeatRequestsAccepted(stage.Period, [order % 3 == 0
                ? new(order, null, SeatRequestKind.Release, $"NEW{order / 3:0000}", [], default)
                : new(order, order, SeatRequestKind.Claim, $"NEW{order / 3:0000}", [$"P-{order % 8}", $"P-{order % 5}"], default)]));
        }
        await Until.True(async () => await Scalar(stage.Service, $"select count(*) from seat_requests where period = '{stage.Period}'") == count
            && await Scalar(stage.Service, $"select next_order from seat_heads where period = '{stage.Period}'") == count + 1, "every decision", seconds: 120);
        var counted = await Counted(stage);
        await Until.True(() => counted.All(seat => reader.Seats.GetValueOrDefault(seat.Key)?.Members == seat.Value), "the last state");
        Assert.True((reader.Events.Count - 2) * 250 <= watch.ElapsedMilliseconds, $"{reader.Events.Count} events in {watch.ElapsedMilliseconds} ms");
        Assert.True(reader.Events.Count * 2 < count, $"{reader.Events.Count} events of {count} decisions");
        Assert.All(reader.Seats.Values, seat => Assert.Equal(6, seat.Members + seat.Offered + seat.Free));
    }

    [Fact]
    public async Task Past_the_limit_a_stream_is_refused_until_another_ends()
    {
        await using var one = await ServiceUnderTest<Program>.Start(settings: new Dictionary<string, string> { ["Seats:MostStreams"] = "1" });
        var stage = await new Stage(one, applications: 12).PublishResults();
        await using (await SeatReader.Open(one, stage.Period))
        {
            var refused = await one.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}/stream", UriKind.Relative));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
            Assert.Contains("urn:epimorfosi:problem:too-many-streams", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(8, (await Read(one, stage.Period)).Count);
        }
        await Until.True(async () =>
        {
            using var answer = await one.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode == HttpStatusCode.OK;
        }, "room for the next");
    }

    [Fact]
    public async Task Seats_go_on_being_told_after_the_database_cut_the_connection_that_listens()
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults();
        await using var reader = await SeatReader.Open(fixture.Service, stage.Period);
        await Until.True(() => reader.Seats.Count == 8, "all seats");
        foreach (var order in Enumerable.Range(1, 3))
        {
            await Until.True(async () => await Scalar(stage.Service, """
                select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'live-seats' and datname = current_database()
                """) > 0, "a connection that listens");
            var members = reader.Seats["P-7"].Members;
            await Claim(stage, order, "P-7");
            await Until.True(() => reader.Seats["P-7"].Members == members + 1, "the claim");
        }
    }

    [Fact]
    public async Task A_decision_wakes_every_replica_by_notice() // the poll is only a net
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults();
        await using var connection = new NpgsqlConnection(stage.Service.Database);
        await connection.OpenAsync();
        var heard = new List<string>();
        connection.Notification += (_, notice) => heard.Add(notice.Payload);
        await using (var listen = new NpgsqlCommand("listen seats", connection))
        {
            await listen.ExecuteNonQueryAsync();
        }
        await Claim(stage, 1, "P-7");
        await Until.True(async () => await connection.WaitAsync(TimeSpan.FromMilliseconds(100)) && heard.Contains(stage.Period), "the notice");
    }

    [Fact]
    public async Task Before_the_results_there_is_neither_and_streams_end_when_the_service_stops()
    {
        var stage = await new Stage(fixture.Service, applications: 12).Commit();
        foreach (var path in new[] { "", "/stream" })
        {
            await Stage.Refused(409, fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}{path}", UriKind.Relative)));
            await Stage.Refused(404, fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/NO-SUCH{path}", UriKind.Relative)));
        }
        await stage.Reveal();
        await Stage.Ok(stage.Act("office", "office", "run"));
        await Stage.Ok(stage.Act("office", "office", "publish"));
        var other = await fixture.Service.Again();
        await using var reader = await SeatReader.Open(other, stage.Period);
        await Until.True(() => reader.Seats.Count == 8, "all seats");
        await other.DisposeAsync();
        await Until.True(() => reader.Ended, "the end of the stream");
        Assert.Null(reader.Fault); // a whole response, not a cut one
    }

    static Task Claim(Stage stage, long order, string programme) => stage.Service.Bus.Publish(
        new SeatRequestsAccepted(stage.Period, [new(order, order, SeatRequestKind.Claim, $"NEWCOMER{order}", [programme], default)]));

    static async Task<HttpResponseMessage> Ask(Stage stage, string query, string? tag = null)
    {
        var client = stage.Service.Anyone();
        if (tag is not null)
        {
            client.DefaultRequestHeaders.IfNoneMatch.ParseAdd(tag);
        }
        return await client.GetAsync(new Uri($"/api/seats/{stage.Period}{query}", UriKind.Relative));
    }

    static async Task<List<LiveProgramme>> Read(ServiceUnderTest<Program> service, string period, string query = "") =>
        (await Stage.Ok(service.Anyone().GetAsync(new Uri($"/api/seats/{period}{query}", UriKind.Relative)))).GetProperty("items").Deserialize<List<LiveProgramme>>(JsonSerializerOptions.Web)!;

    static async Task<Dictionary<string, int>> Counted(Stage stage)
    {
        await using var connection = new NpgsqlConnection(stage.Service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select programme, count(*)::int from seats where period = '{stage.Period}' group by programme", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var counted = new Dictionary<string, int>();
        while (await rows.ReadAsync())
        {
            counted[rows.GetString(0)] = rows.GetInt32(1);
        }
        return counted;
    }

    static async Task<long> Scalar(ServiceUnderTest<Program> service, string sql)
    {
        await using var connection = new NpgsqlConnection(service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
