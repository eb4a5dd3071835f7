using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace EPimorfosi.Applications.Tests;

/// <summary>The service with its copy of a small world: three programmes of philology, one of mathematics, and teachers of GR-01.</summary>
public sealed class Scene : IAsyncDisposable
{
    public const string P = "B2-TEST";
    public static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2023-01-16T10:00:00Z", CultureInfo.InvariantCulture);

    Scene(ServiceUnderTest<Program> service) => Service = service;

    public ServiceUnderTest<Program> Service { get; }
    public FakeTimeProvider Clock => Service.Clock!;
    public HttpClient Office => Service.As(Policies.Office, "maria", language: "en");

    public static readonly Period Period = new(
        P, 1, new("Περίοδος", "Period"), "B2", new(2023, 3, 6), new(2023, 6, 30),
        new(Noon.AddDays(-1), Noon.AddDays(4)), null, new(Noon.AddDays(9), Noon.AddDays(14)), new(Noon.AddDays(15), Noon.AddDays(20)), 10, 15, new());

    public static readonly Programme[] Programmes =
    [
        EligibilityTable.Programme("A1"), EligibilityTable.Programme("A2"), EligibilityTable.Programme("B1", category: "IIb"), EligibilityTable.Programme("MATH", "B2.3"),
        EligibilityTable.Programme("FAR", nomoi: "GR-94"),
    ];

    public static async Task<Scene> Start(int teachers = 20)
    {
        var scene = new Scene(await ServiceUnderTest<Program>.Start(new FakeTimeProvider(Noon)));
        await scene.Publish(Period, Programmes);
        await scene.Service.Bus.Publish(new SchoolsPublished([new("9010001", "1ο Γυμνάσιο", "GR-01", "GR-01"), new("9400001", "2ο Γυμνάσιο", "GR-94", "GR-94")]));
        await scene.Service.Bus.Publish(new SpecialtiesPublished([new("ΠΕ02", "Φιλόλογοι", "B2.1", null), new("ΠΕ03", "Μαθηματικοί", "B2.3", null), new("ΠΕ02.ΕΑΕ", "Φιλόλογοι ΕΑΕ", "B2.13", "B2.1")]));
        await scene.Until("select count(*) = 2 and (select count(*) from specialties) = 3 from schools", "the reference data");
        if (teachers > 0)
        {
            var answer = await scene.Import("/api/teachers/import", Teachers(Enumerable.Range(1, teachers).Select(Number)));
            Assert.Contains($"\"created\":{teachers},", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        return scene;
    }

    public static string Number(int teacher) => (100_000 + teacher).ToString(CultureInfo.InvariantCulture);

    public static string Teachers(IEnumerable<string> numbers) =>
        "registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2\n"
        + string.Concat(numbers.Select(number => $"{number},Μαρία,Νικολάου,t{number}@sch.gr,,ΠΕ02,9010001,el,true,true,false,false,false\n"));

    public async Task Publish(Period period, params Programme[] programmes)
    {
        await Service.Bus.Publish(new PeriodChanged(period));
        await Service.Bus.Publish(new ProgrammesPublished(period.Code, programmes));
        await Until($"select count(*) = 1 from periods where code = '{period.Code}' and version >= {period.Version}", "the period");
        await Until($"select count(*) >= {programmes.Length} from programmes where period = '{period.Code}'", "the programmes");
    }

    public HttpClient Teacher(int teacher, string language = "en") => Service.As(Policies.Teacher, $"t{teacher}", Number(teacher), language: language);

    public Task<HttpResponseMessage> Put(int teacher, params string[] preferences) =>
        Teacher(teacher).PutAsJsonAsync($"/api/applications/{P}", new { preferences, declarations = new { teachingNow = true } });

    public Task<HttpResponseMessage> Import(string address, string csv) => Office.PostAsync(address, new StringContent(csv, Encoding.UTF8, "text/csv"));

    /// <summary>Publishes results of a draw in which nobody got a seat but those named, then opens phase B by the clock.</summary>
    public async Task OpenPhaseB(params (string Ticket, string Seat)[] placed)
    {
        await Service.Bus.Publish(new OutcomesDecided(P, 1, [.. placed.Select((one, index) => new Outcome(one.Ticket, index + 1, one.Seat, 1, true, [new(one.Seat, null, null)]))]));
        await Service.Bus.Publish(new ResultsPublished(P, 1, placed.Length, placed.Length, ["A1", "B1"], Noon));
        await Until($"select count(*) = 1 and (select count(*) from standings where seat is not null) = {placed.Length} from draw_results", "the results");
        if (Clock.GetUtcNow() < Period.PhaseB.Opens)
        {
            Clock.SetUtcNow(Period.PhaseB.Opens.AddHours(1));
        }
    }

    public async Task<T?> Ask<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public Task Until(string sql, string what, int seconds = 60) => EPimorfosi.Tests.Servers.Until.True(() => Ask<bool>(sql), what, seconds);

    public static async Task<JsonNode> Json(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

    /// <summary>Asserts a problem's status and rule and gives its body; no stack trace ever.</summary>
    public static async Task<JsonNode> Refused(HttpResponseMessage answer, int status, string? rule = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        var problem = JsonNode.Parse(text)!;
        Assert.StartsWith("urn:epimorfosi:problem:", problem["type"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(rule, problem["rule"]?.GetValue<string>());
        return problem;
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>One scene for all tests of a class.</summary>
public sealed class SceneFixture : IAsyncLifetime
{
    public Scene Scene { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Scene = await Scene.Start();

    public ValueTask DisposeAsync() => Scene.DisposeAsync();
}
