using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Load;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

/// <summary>A claim that was acknowledged.</summary>
public sealed record Acknowledged(long Sequence, string RegistryNumber, string[] Choices);

/// <summary>
/// One small period, driven from outside as its people would: IIb programmes of informatics, more teachers than seats in all but one of them
/// and too few for the last. What was acknowledged is written down here, to be compared with what the system made of it.
/// </summary>
/// <param name="programmes">At most 26; few want the last.</param>
public sealed class TestPeriod(WholeSystem system, string code, int programmes = 4)
{
    readonly Dictionary<string, Session> teachers = [];
    readonly Random random = new(code.GetHashCode(StringComparison.Ordinal));
    readonly ConcurrentDictionary<string, string> tickets = new();
    string[] custodians = [];

    public string Code => code;

    public string[] Programmes { get; } = [.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[..programmes].Select(letter => $"{code}.{letter}")];

    /// <summary>The last acknowledged application of each ticket, as a line of the frozen list.</summary>
    public ConcurrentDictionary<string, (long Version, string Line)> Applications { get; } = new();

    /// <summary>Receipts acknowledged, all versions.</summary>
    public ConcurrentBag<(string Ticket, long Version)> Receipts { get; } = [];

    public ConcurrentBag<Acknowledged> Claims { get; } = [];

    public IReadOnlyCollection<string> Teachers => teachers.Keys;

    public Session this[string registryNumber] => teachers[registryNumber];

    public async Task Prepare(int count)
    {
        var now = DateTimeOffset.UtcNow;
        (await system.Client.Put($"/api/periods/{code}", new
        {
            title = new { el = $"Δοκιμή {code}", en = $"Trial {code}" },
            level = "B2",
            firstDay = now.AddDays(60).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            lastDay = now.AddDays(180).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            phaseA = new { opens = now.AddMinutes(-1), closes = now.AddDays(10) },
            drawAt = now.AddDays(11),
            phaseB = new { opens = now.AddDays(12), closes = now.AddDays(20) },
            enrolment = new { opens = now.AddDays(21), closes = now.AddDays(30) },
            groupMinimum = 10,
            groupMaximum = 15,
            policy = new { objectionHours = 0 },
        }, system.Office)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        var school = (await system.Client.Get("/api/reference/schools?q=ΓΥΜΝΑΣΙΟ&pageSize=1")).Expect(HttpStatusCode.OK).Json.GetProperty("items")[0].GetProperty("code").GetString()!;
        var rows = string.Concat(Programmes.Select(programme => string.Create(CultureInfo.InvariantCulture, $"{programme},B2.4,IIb,{school},Πληροφορική {programme[^1]},,,{now.AddDays(60):yyyy-MM-dd},,,\n")));
        await Import($"/api/programmes/import?period={code}", "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n" + rows);
        var numbers = Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(code.GetHashCode(StringComparison.Ordinal) % 9000) + 1000}{number:000}")).ToArray();
        await Until.True(async () =>
        {
            await Task.Delay(500); // an account may ask 600 times a minute
            return (await TryImport("/api/teachers/import", TeacherFile(numbers, school))).Status == HttpStatusCode.OK;
        }, "the schools to be known to applications", 60);
        custodians = [$"{code}-a", $"{code}-b"];
        await Import("/api/accounts/import", "user_name,role,registry_number,centre,password\n"
            + string.Concat(numbers.Select(number => $"{number},teacher,{number},,Secret-of-{number}!\n"))
            + string.Concat(custodians.Select(name => $"{name},auditor,,,Secret-of-{name}!\n")));
        foreach (var (number, session) in await Task.WhenAll(numbers.Select(async number => (number, await system.Client.SignIn(number, $"Secret-of-{number}!")))))
        {
            teachers[number] = session;
        }
        await Until.True(async () => (await system.Client.Get($"/api/applications/{code}/options", teachers[numbers[0]])) is { Status: HttpStatusCode.OK } answer
            && Programmes.All(programme => answer.Body.Contains(programme, StringComparison.Ordinal)), "the catalogue to reach applications");
        // After RabbitMQ was away each queue's consumer comes back on its own, some of them half a minute later.
        await State("Collecting");
    }

    static string TeacherFile(IEnumerable<string> numbers, string school) =>
        "registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2\n"
        + string.Concat(numbers.Select(number => $"{number},Άννα,Δοκιμή,t{number}@sch.test,,ΠΕ86,{school},el,true,true,false,false,false\n"));

    async Task Import(string path, string csv) => (await TryImport(path, csv)).Expect(HttpStatusCode.OK);

    Task<Answer> TryImport(string path, string csv) => system.Client.Import(path, csv, system.Office);

    /// <summary>Each teacher submits, and changes the mind twice; most want A, B or C.</summary>
    public Task Apply(IEnumerable<string> who, Func<Task>? meanwhile = null) => Flow(who, 3, async (number, _) =>
    {
        var choices = Choices(3);
        var receipt = (await system.Client.Put($"/api/applications/{code}", new { preferences = choices, declarations = new { teachingNow = true } }, teachers[number])).Expect(HttpStatusCode.OK);
        var (ticket, version) = (receipt.Text("ticket"), receipt.Number("version"));
        Receipts.Add((ticket, version));
        tickets[number] = ticket;
        Applications.AddOrUpdate(ticket, _ => (version, Line()), (_, known) => version > known.Version ? (version, Line()) : known);
        string Line() => $"{ticket}|B2.4|{string.Join(',', choices)}";
    }, meanwhile);

    /// <summary>Who may claim (R21): those without a seat, and those who have not yet applied.</summary>
    public async Task<string[]> Claimants()
    {
        var placed = SecondDraw.Results(await Text($"/api/draws/{code}/results.txt")).Where(result => result.Rank > 0).Select(result => result.Ticket).ToHashSet();
        return [.. teachers.Keys.Where(number => !tickets.TryGetValue(number, out var ticket) || !placed.Contains(ticket))];
    }

    /// <summary>Each claims, and claims again with another list.</summary>
    public Task Claim(IEnumerable<string> who, Func<Task>? meanwhile = null) => Flow(who, 2, async (number, _) =>
    {
        var choices = Choices(2);
        var key = Guid.NewGuid().ToString();
        await Until.True(async () =>
        {
            // 409 until the opening has reached this service: such a claim is refused and stored nowhere.
            var answer = (await system.Client.Post($"/api/claims/{code}", new { preferences = choices }, teachers[number], ("Idempotency-Key", key)))
                .Expect(HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Conflict);
            if (answer.Status != HttpStatusCode.Conflict)
            {
                Claims.Add(new(answer.Number("sequence"), number, choices));
            }
            return answer.Status != HttpStatusCode.Conflict;
        }, "phase B to be open", 60);
    }, meanwhile);

    /// <summary>Everybody at once, each one step after the other; the fault comes when a third of it is done.</summary>
    static async Task Flow(IEnumerable<string> who, int times, Func<string, int, Task> step, Func<Task>? meanwhile)
    {
        var people = who.ToArray();
        var done = 0;
        var third = new TaskCompletionSource();
        var flow = Task.WhenAll(people.Select(async (number, index) =>
        {
            await Task.Delay(index * 10);
            for (var time = 0; time < times; time++)
            {
                await step(number, time);
                if (Interlocked.Increment(ref done) * 3 >= people.Length * times)
                {
                    third.TrySetResult();
                }
                await Task.Delay(100);
            }
        }));
        await Task.WhenAny(flow, third.Task);
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        await flow;
    }

    /// <summary>A list of that many programmes at most, and now and then the last one too.</summary>
    public string[] Choices(int most)
    {
        lock (random)
        {
            var choices = Programmes[..^1].OrderBy(_ => random.Next()).Take(random.Next(1, most + 1)).ToList();
            return [.. random.Next(12) == 0 ? choices.Append(Programmes[^1]) : choices];
        }
    }

    public async Task Phase(string phase, string state) =>
        (await system.Client.Post($"/api/periods/{code}/phase", new { phase, state, reason = "Δοκιμή" }, system.Office)).Expect(HttpStatusCode.OK);

    public async Task State(string state, int seconds = 120) =>
        await Until.True(async () => (await system.Client.Get($"/api/draws/{code}")) is { Status: HttpStatusCode.OK } answer && answer.Text("state") == state, $"the draw to be {state}", seconds);

    /// <summary>Closes phase A and holds the whole ceremony with two custodians.</summary>
    public async Task Draw()
    {
        var sessions = new List<(string Name, Session Session)>();
        foreach (var name in custodians)
        {
            var session = await system.Client.SignIn(name, $"Secret-of-{name}!");
            sessions.Add((name, session));
            var commitment = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"reveal of {name}")));
            (await system.Client.Post($"/api/draws/{code}/commitments", new { name, commitment }, session)).Expect(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent);
        }
        await Phase("A", "closed");
        await State("Frozen");
        await Act("commit", new { randomness = "custodians" }, system.Office);
        foreach (var (name, session) in sessions)
        {
            await Act("reveals", new { name, reveal = $"reveal of {name}" }, session);
        }
        await Act("run", new { }, system.Office);
        await Act("publish", new { }, system.Office);
        await State("Published");
    }

    async Task Act(string step, object body, Session who) =>
        (await system.Client.Post($"/api/draws/{code}/{step}", body, who)).Expect(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent);

    public async Task<string> Text(string path) => (await system.Client.Get(path)).Expect(HttpStatusCode.OK).Body;

    public async Task<Bundle> Bundle() => new(
        await Text($"/api/draws/{code}/applications.txt"), await Text($"/api/draws/{code}/programmes.txt"),
        await Text($"/api/draws/{code}/results.txt"), await Text($"/api/draws/{code}/draw.json"));
}
