using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>The public interface as an outsider uses it: asks, waits as it is told to (503, 429), and takes nothing unexpected.</summary>
public sealed class GatewayClient(Uri gateway) : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64 })
    {
        BaseAddress = gateway,
        Timeout = TimeSpan.FromMinutes(5),
    };

    int retries, refusals;

    /// <summary>How often an answer had to be asked for again.</summary>
    public int Retries => retries;

    /// <summary>How often the answer was to come back later (503, 429).</summary>
    public int Refusals => refusals;

    public Task<Answer> Get(string path, Session? who = null) => Ask(HttpMethod.Get, path, who);

    public Task<Answer> Put(string path, object body, Session who) => Ask(HttpMethod.Put, path, who, () => JsonContent.Create(body, options: Json));

    public Task<Answer> Delete(string path, Session who) => Ask(HttpMethod.Delete, path, who);

    /// <param name="headers">Such as <c>("Prefer", "wait=5")</c>.</param>
    public Task<Answer> Post(string path, object? body, Session? who, params (string Name, string Value)[] headers) =>
        Ask(HttpMethod.Post, path, who, body is null ? null : () => JsonContent.Create(body, options: Json), headers);

    /// <summary>A file for one of the imports; importing twice changes nothing, so it may be repeated.</summary>
    public Task<Answer> Import(string path, string csv, Session who) =>
        Ask(HttpMethod.Post, path, who, () => new StringContent(csv, Encoding.UTF8, "text/csv"), ("Idempotency-Key", "import"));

    public async Task<Session> SignIn(string userName, string password)
    {
        var answer = (await Post("/api/accounts/login?useCookies=false", new { userName, password }, null)).Expect(HttpStatusCode.OK);
        return new(answer.Text("accessToken"));
    }

    async Task<Answer> Ask(HttpMethod method, string path, Session? who, Func<HttpContent>? content = null, params (string Name, string Value)[] headers)
    {
        var repeatable = method != HttpMethod.Post || headers.Any(header => header.Name == "Idempotency-Key") || path.StartsWith("/api/accounts/login", StringComparison.Ordinal);
        var until = DateTime.UtcNow + Patience;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await Once(method, path, who, content?.Invoke(), headers);
                var refused = answer.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
                Interlocked.Add(ref refusals, refused ? 1 : 0);
                var lost = repeatable && answer.Status is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;
                if (!(refused || lost) || DateTime.UtcNow > until)
                {
                    return answer;
                }
                await Task.Delay(answer.RetryAfter ?? TimeSpan.FromMilliseconds(250 * attempt));
            }
            catch (HttpRequestException fault) when ((repeatable || fault.HttpRequestError == HttpRequestError.ConnectionError) && DateTime.UtcNow < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250 * attempt));
            }
            Interlocked.Increment(ref retries);
        }
    }

    async Task<Answer> Once(HttpMethod method, string path, Session? who, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (who is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", who.AccessToken);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        using var response = await http.SendAsync(request);
        var after = response.Headers.RetryAfter;
        return new($"{method} {path}", response.StatusCode, await response.Content.ReadAsByteArrayAsync())
        {
            RetryAfter = (after?.Delta ?? after?.Date - DateTimeOffset.UtcNow) is { } wait && wait > TimeSpan.Zero ? wait : null,
        };
    }

    public void Dispose() => http.Dispose();
}

/// <summary>Somebody signed in.</summary>
public sealed record Session(string AccessToken);

/// <summary>What was asked and what came back.</summary>
public sealed record Answer(string Asked, HttpStatusCode Status, byte[] Bytes)
{
    JsonElement? json;

    public TimeSpan? RetryAfter { get; init; }
    public string Body => Encoding.UTF8.GetString(Bytes);
    public JsonElement Json => json ??= Parse();

    /// <summary>The answer itself if its status is one of those; else the run stops and shows it.</summary>
    public Answer Expect(params HttpStatusCode[] statuses) => statuses.Contains(Status) ? this : throw Unexpected(string.Join(" or ", statuses.Select(status => (int)status)));

    /// <summary>A refusal with this status whose problem details, or one of whose faults, name the rule.</summary>
    public Answer ExpectRefusal(HttpStatusCode status, string? rule = null) =>
        Status != status || Find("type")?.GetString()?.StartsWith("urn:epimorfosi:problem:", StringComparison.Ordinal) != true ? throw Unexpected($"{(int)status} with problem details")
        : rule is null || Rules().Contains(rule) ? this
        : throw Unexpected($"a refusal by {rule}");

    public string Text(string name) => Find(name)?.GetString() ?? throw Unexpected($"a field '{name}'");

    public long Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : throw Unexpected($"a number '{name}'");

    public JsonElement? Find(string name) => Bytes.Length > 0 && Bytes[0] == '{' && Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    JsonElement Parse()
    {
        try
        {
            return JsonDocument.Parse(Bytes).RootElement;
        }
        catch (JsonException)
        {
            throw Unexpected("JSON");
        }
    }

    IEnumerable<string?> Rules()
    {
        yield return Find("rule")?.GetString();
        foreach (var fault in Find("faults") is { ValueKind: JsonValueKind.Array } faults ? faults.EnumerateArray().ToList() : [])
        {
            yield return fault.TryGetProperty("rule", out var rule) ? rule.GetString() : null;
        }
    }

    public UnexpectedAnswerException Unexpected(string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Asked: {Asked}\nExpected: {expected}\nAnswered: {(int)Status} {Status}\n{(Body.Length > 3000 ? Body[..3000] + " …" : Body)}"));
}

/// <summary>An answer that the public interface does not promise.</summary>
public sealed class UnexpectedAnswerException(string message) : Exception(message);
