using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Allocation.Tests;

/// <summary>Phase B over the real bus: whatever it does to the messages, requests are decided once and in their order (R23, I8).</summary>
public sealed class PhaseBTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Fact]
    public async Task Shuffled_and_repeated_requests_are_decided_once_and_in_order()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        await Send(stage, Requests(stage, 400), shuffle: true);
        await DecidedAsBy(stage, 400);
    }

    [Fact]
    public async Task Requests_that_come_before_the_results_or_after_a_gap_wait()
    {
        var stage = new Stage(fixture.Service);
        var requests = Requests(stage, 60);
        await Send(stage, requests[..20].Concat(requests[30..]), shuffle: false);
        await stage.PublishResults();
        await Until.True(async () => await Decided(stage) == 20, "the twenty before the gap");
        await Send(stage, requests[20..30], shuffle: false);
        await DecidedAsBy(stage, 60);
    }

    [Fact]
    public async Task Two_replicas_one_of_which_is_killed_decide_each_request_once()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var requests = Requests(stage, 3000);
        for (var replica = 0; replica < 3; replica++)
        {
            await using var other = await fixture.Service.Again();
            await Send(stage, requests.Skip(replica * 1000).Take(1000), shuffle: true);
            await Until.True(async () => await Decided(stage) > (replica * 1000) + 1, "some decisions", seconds: 120);
            await KillDecider(stage.Service);
        }
        await DecidedAsBy(stage, 3000);
    }

    [Fact]
    public async Task Live_seats_show_programmes_below_their_minimum_first_and_count_members_from_seats() // R22
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults();
        await Send(stage, [new(1, 1, SeatRequestKind.Claim, "NEWCOMER", ["P-7"], default)], shuffle: false);
        await Until.True(async () => await Decided(stage) == 1, "the claim");
        var seats = (await Stage.Ok(fixture.Service.Anyone().GetAsync(new Uri($"/api/seats/{stage.Period}", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(8, seats.Count);
        Assert.Equal(1, seats.Single(seat => seat.GetProperty("programme").GetString() == "P-7").GetProperty("members").GetInt32());
        var below = seats.Select(seat => seat.GetProperty("belowMinimum").GetBoolean()).ToList();
        Assert.Equal(below.OrderDescending(), below);
        Assert.Contains(false, below);
        Assert.All(seats, seat => Assert.Equal(6, seat.GetProperty("members").GetInt32() + seat.GetProperty("free").GetInt32()));
    }

    [Fact]
    public async Task The_letter_of_the_rule_offers_only_programmes_below_their_minimum() // R22
    {
        var stage = await new Stage(fixture.Service, applications: 12).PublishResults("BelowMinimum");
        var results = await fixture.Service.Bus.Next<ResultsPublished>(r => r.Period == stage.Period);
        var viable = stage.Programmes.Select(p => p.Code).Except(results.BelowMinimum).First();
        await Send(stage, [new(1, 1, SeatRequestKind.Claim, "NEWCOMER", [viable], default), new(2, 2, SeatRequestKind.Claim, "NEWCOMER", [results.BelowMinimum[0]], default)], shuffle: false);
        await Until.True(async () => await Decided(stage) == 2, "both claims");
        SeatDecision[] told = [];
        await Until.True(() => (told = [.. fixture.Service.Bus.Heard<SeatsDecided>().Where(d => d.Period == stage.Period).SelectMany(d => d.Decisions)]).Length >= 2, "both told");
        Assert.Equal([("refused", "R22"), ("placed", null)], told.OrderBy(line => line.Number).Select(line => (line.Event, line.Rule)));
    }

    /// <summary>Claims and releases of known tickets and newcomers, always the same for a stage.</summary>
    static List<SeatRequest> Requests(Stage stage, int count)
    {
        var (random, sequence) = (new Random(7), 0L);
        return [.. Enumerable.Range(1, count).Select(order =>
        {
            var ticket = random.Next(3) == 0 ? $"NEW{random.Next(40):0000}" : stage.Applications[random.Next(stage.Applications.Count)].Ticket;
            var list = stage.Programmes.Select(p => p.Code).ToArray();
            random.Shuffle(list);
            return random.Next(3) == 0
                ? new SeatRequest(order, null, SeatRequestKind.Release, ticket, [], default)
                : new SeatRequest(order, ++sequence, SeatRequestKind.Claim, ticket, list[..random.Next(1, 4)], default);
        })];
    }

    static async Task Send(Stage stage, IEnumerable<SeatRequest> requests, bool shuffle)
    {
        var batches = requests.Chunk(7).ToArray();
        if (shuffle)
        {
            batches = [.. batches, .. batches.Where((_, i) => i % 3 == 0)]; // some come twice
            new Random(3).Shuffle(batches);
        }
        foreach (var batch in batches)
        {
            await stage.Service.Bus.Publish(new SeatRequestsAccepted(stage.Period, batch));
        }
    }

    /// <summary>All requests are decided as a naive model decides them one by one, the log replays, and everybody was told its lines.</summary>
    static async Task DecidedAsBy(Stage stage, int count)
    {
        await Until.True(async () => await Decided(stage) == count, $"{count} decisions", seconds: 120);
        var results = (await (await stage.Get("/results.txt")).Content.ReadAsStringAsync()).Split('\n')[1..^1].Select(line => line.Split('|')).ToList();
        var seats = results.Where(line => line[2] != "-").ToDictionary(line => line[1], line => line[2]);
        var below = (await stage.Service.Bus.Next<ResultsPublished>(r => r.Period == stage.Period)).BelowMinimum;
        var instance = new SeatInstance([.. stage.Programmes.Select(p => new Seats.SeatProgramme(p.Code, p.Minimum, p.Maximum, below.Contains(p.Code)))], [.. seats], "AnyVacancy", [], InLine(stage, results, below));
        var naive = new NaiveSeats(instance);
        var expected = Requests(stage, count).SelectMany(naive.Decide).ToList();
        Assert.Contains(expected, line => line.Event == "offered");
        var log = await stage.Service.Anyone().GetStringAsync(new Uri($"/api/seats/{stage.Period}/log.txt", UriKind.Relative));
        Assert.Equal(expected, log.Split('\n')[1..^1].Select(line => line.Split('|')).Select(line => (line[2], line[3], line[4] == "-" ? null : line[4])));
        Assert.Equal(naive.Seats, LogReplay.Verify(log, stage.Programmes.ToDictionary(p => p.Code, p => p.Maximum), seats, instance.Lines));
        await PositionsAreThoseOfTheModel(stage, instance, naive);
        List<SeatDecision> told = [];
        await Until.True(() => (told = [.. stage.Service.Bus.Heard<SeatsDecided>().Where(d => d.Period == stage.Period).SelectMany(d => d.Decisions)]).Select(d => d.Number).Distinct().Count() == expected.Count, "every line told");
        Assert.Equal(expected.Count, told.Count);
        Assert.Equal(Enumerable.Range(1, count).Select(order => (long?)order), told.Where(d => d.Order is not null).OrderBy(d => d.Number).Select(d => d.Order));
    }

    static async Task PositionsAreThoseOfTheModel(Stage stage, SeatInstance instance, NaiveSeats naive)
    {
        foreach (var ticket in stage.Applications.Where(application => !application.Withdrawn).Select(application => application.Ticket))
        {
            var choices = (await Stage.Ok(stage.Get($"/tickets/{ticket}"))).GetProperty("choices").EnumerateArray();
            Assert.All(choices, choice =>
            {
                var line = naive.InLine(choice.GetProperty("programme").GetString()!);
                Assert.Equal(line.Contains(ticket) ? line.IndexOf(ticket) + 1 : null, choice.GetProperty("position") is { ValueKind: System.Text.Json.JsonValueKind.Number } position ? position.GetInt32() : (int?)null);
            });
        }
    }

    /// <summary>R25: in draw order who listed a programme above what they got, and got nothing or a provisional seat.</summary>
    static Dictionary<string, string[]> InLine(Stage stage, List<string[]> results, IReadOnlyList<string> below) => stage.Programmes.ToDictionary(p => p.Code, p => results
        .Where(line => line[2] == "-" || below.Contains(line[2]))
        .Where(line => stage.Applications.Single(a => a.Ticket == line[1]).Preferences.TakeWhile(code => code != line[2]).Contains(p.Code)).Select(line => line[1]).ToArray());

    static async Task<long> Decided(Stage stage) => await Scalar(stage.Service, $"select coalesce(max(next_order), 1) - 1 from seat_heads where period = '{stage.Period}'");

    /// <summary>Ends the database session that holds the decider's lock, as a crash would.</summary>
    static Task<long> KillDecider(ServiceUnderTest<Program> service) => Scalar(service, """
        select count(pg_terminate_backend(l.pid)) from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and d.datname = current_database()
        and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('decider', 0)
        """);

    static async Task<long> Scalar(ServiceUnderTest<Program> service, string sql)
    {
        await using var connection = new NpgsqlConnection(service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
