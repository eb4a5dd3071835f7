using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Caching.Memory;

namespace EPimorfosi.Gateway.Services;

/// <summary>What the pages read of the services: their public endpoints, as anybody could.</summary>
sealed class PublicData(IHttpClientFactory clients, IMemoryCache cache)
{
    static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LongWhile = TimeSpan.FromMinutes(10);

    const string PeriodsPath = "api/periods?pageSize=100";

    /// <summary>All periods, newest first; null while <c>programmes</c> does not answer.</summary>
    /// <param name="asked">A code that the list should have: if it doesn't, a period may have been made a second ago, and the list is read again.</param>
    public async Task<IReadOnlyList<Period>?> Periods(CancellationToken cancellationToken, string? asked = null)
    {
        var held = (await Cached<Paged<Period>>("Programmes", PeriodsPath, Moment, cancellationToken)).Value?.Items;
        return held is null || asked is null || held.Any(period => period.Code == asked) ? held : await PeriodsNow(cancellationToken) ?? held;
    }

    /// <summary>The same as of now: for those who have just changed one.</summary>
    public async Task<IReadOnlyList<Period>?> PeriodsNow(CancellationToken cancellationToken) =>
        (await Read<Paged<Period>>("Programmes", PeriodsPath, Moment, cancellationToken)).Value?.Items;

    public async Task<IReadOnlyList<Cluster>> Clusters(CancellationToken cancellationToken) =>
        (await Cached<Paged<Cluster>>("Programmes", "api/reference/clusters?pageSize=500", LongWhile, cancellationToken)).Value?.Items ?? [];

    public async Task<IReadOnlyList<Prefecture>> Prefectures(CancellationToken cancellationToken) =>
        (await Cached<Paged<Prefecture>>("Programmes", "api/reference/prefectures?pageSize=500", LongWhile, cancellationToken)).Value?.Items ?? [];

    /// <summary>Null if it is not known, or not at the moment.</summary>
    public async Task<School?> School(string code, CancellationToken cancellationToken) =>
        (await Cached<Paged<School>>("Programmes", $"api/reference/schools?q={Uri.EscapeDataString(code)}", LongWhile, cancellationToken)).Value?.Items.FirstOrDefault(school => school.Code == code);

    public async Task<string> SpecialtyTitle(string code, CancellationToken cancellationToken) =>
        (await Cached<Paged<Specialty>>("Programmes", "api/reference/specialties?pageSize=500", LongWhile, cancellationToken)).Value?.Items.FirstOrDefault(specialty => specialty.Code == code)?.TitleEl ?? code;

    public Task<Answer<Paged<Programme>>> Programmes(string query, CancellationToken cancellationToken) => Get<Paged<Programme>>("Programmes", $"api/programmes?{query}", cancellationToken);

    public Task<Answer<Programme>> Programme(string code, CancellationToken cancellationToken) => Get<Programme>("Programmes", $"api/programmes/{Uri.EscapeDataString(code)}", cancellationToken);

    public Task<Answer<Draw>> Draw(string period, CancellationToken cancellationToken) => Cached<Draw>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}", Moment, cancellationToken);

    public Task<Answer<Paged<Strike>>> Strikes(string period, CancellationToken cancellationToken) =>
        Cached<Paged<Strike>>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}/strikes?pageSize=1000", Moment, cancellationToken);

    /// <summary>Whether any draw of the period is public; null if that is not known at the moment.</summary>
    public async Task<bool?> Published(string period, CancellationToken cancellationToken) => (await Statistics(period, null, cancellationToken)).Found switch
    {
        Found.Yes => true,
        Found.NotYet => false,
        _ => null,
    };

    /// <param name="draw">Null for the one whose results stand.</param>
    public Task<Answer<TicketResult>> Ticket(string period, string ticket, int? draw, CancellationToken cancellationToken) =>
        Get<TicketResult>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}/tickets/{Uri.EscapeDataString(ticket)}{Numbered(draw)}", cancellationToken);

    public Task<Answer<DrawStatistics>> Statistics(string period, int? draw, CancellationToken cancellationToken) =>
        Cached<DrawStatistics>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}/statistics{Numbered(draw)}", Moment, cancellationToken);

    public Task<Answer<Outlook>> Outlook(string period, string programme, CancellationToken cancellationToken) =>
        Cached<Outlook>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}/outlook?programme={Uri.EscapeDataString(programme)}", Moment, cancellationToken);

    /// <summary>By code, how programmes of a cluster would do; empty where it cannot be estimated.</summary>
    public async Task<IReadOnlyDictionary<string, ProgrammeOutlook>> Outlooks(string period, string cluster, CancellationToken cancellationToken) =>
        (await Cached<Outlook>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}/outlook?cluster={Uri.EscapeDataString(cluster)}&pageSize=1000", Moment, cancellationToken)).Value?.Items
            .Where(item => item.Programme is not null).ToDictionary(item => item.Programme!) ?? [];

    /// <summary>By code, of those that are known.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Titles(IEnumerable<string> programmes, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(programmes.Distinct().Select(code => Cached<Programme>("Programmes", $"api/programmes/{Uri.EscapeDataString(code)}", LongWhile, cancellationToken)));
        return found.Select(answer => answer.Value).OfType<Programme>().ToDictionary(programme => programme.Code, programme => programme.Title);
    }

    public Task<Answer<ProgrammeResult>> Result(string period, string programme, CancellationToken cancellationToken) =>
        Get<ProgrammeResult>("Allocation", $"api/draws/{Uri.EscapeDataString(period)}/programmes/{Uri.EscapeDataString(programme)}", cancellationToken);

    /// <summary>All seats as of now, below minimum first.</summary>
    public Task<Answer<Paged<Seat>>> Seats(string period, CancellationToken cancellationToken) =>
        Cached<Paged<Seat>>("Allocation", $"api/seats/{Uri.EscapeDataString(period)}?pageSize=2000", Moment, cancellationToken);

    static string Numbered(int? draw) => draw is { } number ? FormattableString.Invariant($"?draw={number}") : "";

    async Task<Answer<T>> Cached<T>(string service, string path, TimeSpan life, CancellationToken cancellationToken) where T : class
    {
        if (cache.TryGetValue(path, out Answer<T>? held) && held is not null)
        {
            return held;
        }
        return await Read<T>(service, path, life, cancellationToken);
    }

    async Task<Answer<T>> Read<T>(string service, string path, TimeSpan life, CancellationToken cancellationToken) where T : class
    {
        var answer = await Get<T>(service, path, cancellationToken);
        return answer.Found == Found.Unavailable ? answer : cache.Set(path, answer, life);
    }

    async Task<Answer<T>> Get<T>(string service, string path, CancellationToken cancellationToken) where T : class
    {
        try
        {
            using var client = clients.CreateClient(service);
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new(Found.Yes, await response.Content.ReadFromJsonAsync<T>(cancellationToken)) { Edition = response.Headers.ETag?.Tag.Trim('"') },
                HttpStatusCode.NotFound => new(Found.No, null),
                HttpStatusCode.Conflict => new(Found.NotYet, null),
                _ => new(Found.Unavailable, null),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or System.Text.Json.JsonException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(Found.Unavailable, null);
        }
    }
}

/// <summary>Whether there is what was asked for: yes, no, not published yet, or the service does not answer.</summary>
enum Found { Yes, No, NotYet, Unavailable }

sealed record Answer<T>(Found Found, T? Value) where T : class
{
    /// <summary>Of which edition it is, if the service said so.</summary>
    public string? Edition { get; init; }
}

static class PublicDataSetup
{
    internal static void AddPublicData(this WebApplicationBuilder builder)
    {
        builder.Services.AddMemoryCache();
        builder.Services.AddSingleton<PublicData>();
        builder.Services.AddSingleton<OwnData>();
        foreach (var service in Documents.ApiDocument.Services)
        {
            builder.Services.AddHttpClient(service, client =>
            {
                client.BaseAddress = ServiceAddresses.Of(builder.Configuration, service).FirstOrDefault();
                client.Timeout = TimeSpan.FromSeconds(10);
            });
        }
    }
}
