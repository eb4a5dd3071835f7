using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Programmes.Tests;

/// <summary>One service for the tests of a class that leave the clock alone; each test has a period of its own.</summary>
public sealed class SharedService : IAsyncLifetime
{
    static int periods;

    public ServiceUnderTest<Program> Service { get; private set; } = null!;

    public static string NewPeriod() => $"P-{Interlocked.Increment(ref periods)}";

    public async ValueTask InitializeAsync() => Service = await Office.Open(Office.Before);

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>What the tests do as the office would, over HTTP, around a phase A of 9 to 20 January 2023.</summary>
static class Office
{
    public const string Header = "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n";

    /// <summary>Schools of the real register: in Aitolia-Acarnania and in Athens A.</summary>
    public const string Agrinio = "9010001";

    public static readonly DateTimeOffset Before = new(2023, 1, 2, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset InPhaseA = new(2023, 1, 10, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset LastSecondOfPhaseA = new(2023, 1, 20, 21, 59, 59, 900, TimeSpan.Zero);

    /// <summary>As in the description of the public interface.</summary>
    public const string B2Calendar = """
        {"title":{"el":"2η περίοδος Β2, Μάρτιος – Ιούνιος 2023","en":"2nd B2 period, March – June 2023"},"level":"B2","firstDay":"2023-03-06","lastDay":"2023-06-30",
         "phaseA":{"opens":"2023-01-09T06:00:00Z","closes":"2023-01-20T21:59:59Z"},"drawAt":"2023-01-23T10:00:00Z",
         "phaseB":{"opens":"2023-01-25T10:00:00Z","closes":"2023-01-30T21:59:59Z"},"enrolment":{"opens":"2023-01-31T06:00:00Z","closes":"2023-02-06T21:59:59Z"},
         "groupMinimum":10,"groupMaximum":15,
         "policy":{"iiaFirst":true,"iiaRequired":false,"maxChoices":0,"excludePriorB2":true,"phaseBScope":"AnyVacancy","offerHours":48,"enrolmentDays":5,"upgrade":false,"objectionHours":24,"phaseBLater":""}}
        """;

    public static Task<ServiceUnderTest<Program>> Open(DateTimeOffset now) => ServiceUnderTest<Program>.Start(new FakeTimeProvider(now));

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<HttpResponseMessage> PutPeriod(this ServiceUnderTest<Program> service, string code, string? body = null, string query = "") =>
        await service.As(Policies.Office, "maria").PutAsync($"/api/periods/{code}{query}", Json(body ?? B2Calendar));

    public static Task<HttpResponseMessage> Move(this ServiceUnderTest<Program> service, string code, string phase, string state, string reason = "Rehearsal") =>
        service.As(Policies.Office, "maria").PostAsync($"/api/periods/{code}/phase", Json($$"""{"phase":"{{phase}}","state":"{{state}}","reason":"{{reason}}"}"""));

    public static Task<HttpResponseMessage> Import(this ServiceUnderTest<Program> service, string period, string file, string query = "") =>
        service.Import(period, Encoding.UTF8.GetBytes(file), query);

    public static Task<HttpResponseMessage> Import(this ServiceUnderTest<Program> service, string period, byte[] file, string query = "", string language = "en")
    {
        var content = new ByteArrayContent(file) { Headers = { ContentType = new("text/csv") } };
        return service.As(Policies.Office, language: language).PostAsync($"/api/programmes/import?period={period}{query}", content);
    }

    public static string Line(string code, string category = "IIb", string cluster = "B2.4", string title = "Πληροφορική", string centre = Agrinio, string tail = ",,2023-03-07,Tue 17:00|Thu 17:00,,") =>
        $"{code},{cluster},{category},{centre},{title},{tail}\n";

    public static async Task<JsonNode> Body(this HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

    public static async Task<JsonNode> Read(this ServiceUnderTest<Program> service, string path) => (await service.Anyone().GetFromJsonAsync<JsonNode>(path))!;

    public static string Counts(this JsonNode report) => $"{report["created"]},{report["updated"]},{report["unchanged"]},{report["rejected"]}";

    /// <summary>Such as <c>3:cluster:R1</c>.</summary>
    public static string[] Faults(this JsonNode report) => [.. report["faults"]!.AsArray().Select(fault => $"{fault!["line"]}:{fault["column"]}:{fault["rule"]}")];
}
