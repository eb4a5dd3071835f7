using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The service on real servers, with the lists of a period of its own for each test; the test plays the other services.</summary>
public sealed class Stage(ServiceUnderTest<Program> service, int applications = 60)
{
    static int periods;

    public static readonly string[] Secrets = ["first secret", "second secret"];

    public string Period { get; } = $"B2-T-{Interlocked.Increment(ref periods)}";
    public ServiceUnderTest<Program> Service { get; } = service;

    /// <summary>Small groups, so that some of them fill and some stay below their minimum.</summary>
    public IReadOnlyList<Programme> Programmes { get; } =
    [
        .. Enumerable.Range(0, 8).Select(i => new Programme($"P-{i}", 1, "B2.4", i < 2 ? "IIa" : "IIb", $"Programme {i}", "C-1", "Centre 1", "GR-01",
            i < 2 ? ["GR-01"] : [], 3, 6, null, [])),
    ];

    public IReadOnlyList<ApplicationVersion> Applications { get; init; } =
    [
        .. Enumerable.Range(0, applications).Select(i => new ApplicationVersion($"{i * 7 % 10:00}{i:00000000000000}", 1, "B2.4",
            i % 9 == 0 ? [] : [.. new[] { i % 5, i % 7, 3 }.Distinct().Order().Select(programme => $"P-{programme}")], i % 9 == 0, default, "")),
    ];

    public string ApplicationsTxt => Canonical.ApplicationsHeader(Period) + string.Concat(Applications.Where(a => !a.Withdrawn)
        .OrderBy(a => a.Ticket, StringComparer.Ordinal).Select(a => Canonical.ApplicationLine(a.Ticket, a.Cluster, a.Preferences)));

    public string ProgrammesTxt => Canonical.ProgrammesHeader(Period) + string.Concat(Programmes.Select(Canonical.ProgrammeLine));

    public Task PublishPeriod(int objectionHours = 0, string scope = "AnyVacancy", int version = 1, params PeriodOverride[] overrides)
    {
        var day = new DateTimeOffset(2023, 1, 9, 6, 0, 0, TimeSpan.Zero);
        return Service.Bus.Publish(new PeriodChanged(new(Period, version, new("Περίοδος", "Period"), "B2", new(2023, 3, 6), new(2023, 6, 30),
            new(day, day.AddDays(11)), null, new(day.AddDays(16), day.AddDays(21)), new(day.AddDays(22), day.AddDays(29)), 3, 6,
            new(PhaseBScope: scope, ObjectionHours: objectionHours), overrides)));
    }

    public Task PublishProgrammes() => Service.Bus.Publish(new ProgrammesPublished(Period, Programmes));

    public Task PublishApplications(IEnumerable<ApplicationVersion>? some = null) => Service.Bus.Publish(new ApplicationsReceived(Period, [.. some ?? Applications]));

    public async Task Announce()
    {
        await Service.Bus.Publish(new ProgrammesFrozen(Period, Programmes.Count, Sha256(ProgrammesTxt), default));
        await Service.Bus.Publish(new ApplicationsFrozen(Period, Applications.Count(a => !a.Withdrawn), Sha256(ApplicationsTxt), default));
    }

    /// <summary>Everything up to a frozen book.</summary>
    public async Task<Stage> Freeze(int objectionHours = 0, string scope = "AnyVacancy")
    {
        await PublishPeriod(objectionHours, scope);
        await PublishProgrammes();
        await PublishApplications();
        await Announce();
        await State("Frozen");
        return this;
    }

    /// <summary>Everything up to a draw that can be run.</summary>
    public async Task<Stage> Commit(string scope = "AnyVacancy")
    {
        await Freeze(scope: scope);
        await CommitByCustodians();
        return this;
    }

    public async Task CommitByCustodians()
    {
        for (var i = 0; i < Secrets.Length; i++)
        {
            await Ok(Act("auditor", $"auditor-{i}", "commitments", new { name = $"Auditor {i}", commitment = Sha256(Secrets[i]) }));
        }
        await Ok(Act("office", "office", "commit", new { randomness = "custodians" }));
    }

    /// <summary>A draw by custodians from the frozen book to public results.</summary>
    public async Task PublishAgain()
    {
        await CommitByCustodians();
        await Reveal();
        await Ok(Act("office", "office", "run"));
        await Ok(Act("office", "office", "publish"));
    }

    /// <summary>Everything up to public results.</summary>
    public async Task<Stage> PublishResults(string scope = "AnyVacancy")
    {
        await Commit(scope);
        await Reveal();
        await Ok(Act("office", "office", "run"));
        await Ok(Act("office", "office", "publish"));
        return this;
    }

    public async Task Reveal()
    {
        for (var i = 0; i < Secrets.Length; i++)
        {
            await Ok(Act("auditor", $"auditor-{i}", "reveals", new { name = $"Auditor {i}", reveal = Secrets[i] }));
        }
    }

    public Task<HttpResponseMessage> Act(string role, string subject, string act, object? body = null, string language = "el") =>
        Service.As(role, subject, language: language).PostAsJsonAsync($"/api/draws/{Period}/{act}", body ?? new { });

    public Task<HttpResponseMessage> Get(string path = "") => Service.Anyone().GetAsync(new Uri($"/api/draws/{Period}{path}", UriKind.Relative));

    public async Task<JsonElement> Draw() => await (await Get()).Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>The outcomes told on the bus, once there are so many. A relay publishes a batch side by side: ResultsPublished may be heard before them.</summary>
    public async Task<IReadOnlyList<Outcome>> Told(int count)
    {
        IReadOnlyList<Outcome> told = [];
        await Until.True(() => (told = [.. Service.Bus.Heard<OutcomesDecided>().Where(outcomes => outcomes.Period == Period).SelectMany(outcomes => outcomes.Outcomes)]).Count >= count, $"{count} outcomes");
        return told;
    }

    public Task State(string state, int seconds = 30) =>
        Until.True(async () => await Get() is { IsSuccessStatusCode: true } && (await Draw()).GetProperty("state").GetString() == state, $"the state {state}", seconds);

    public static async Task<JsonElement> Ok(Task<HttpResponseMessage> answer)
    {
        var text = await (await answer).Content.ReadAsStringAsync();
        Assert.True((await answer).IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A problem of this status; its type and detail.</summary>
    public static async Task<JsonElement> Refused(int status, Task<HttpResponseMessage> answer)
    {
        var text = await (await answer).Content.ReadAsStringAsync();
        Assert.True(status == (int)(await answer).StatusCode, $"{(int)(await answer).StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
