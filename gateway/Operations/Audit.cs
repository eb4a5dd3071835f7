using System.Globalization;
using System.Net.Http.Headers;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Documents;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace EPimorfosi.Gateway.Operations;

/// <summary>The office's acts as all services recorded them, and those at the gateway itself, put together by time.</summary>
sealed class Audit(IHttpClientFactory clients, Sessions sessions, NpgsqlDataSource source)
{
    /// <summary>The newest first, with the services that did not answer.</summary>
    public async Task<(IReadOnlyList<ActView> Acts, IReadOnlyList<string> Missing)> Find(HttpContext http, ActFilter filter)
    {
        var token = (await sessions.Of(http.User, http.RequestAborted))?.Token;
        var query = Query(filter);
        var parts = await Task.WhenAll(ApiDocument.Services.Select(async service => (service, Acts: await Ask(service, query, token, http.RequestAborted))));
        var own = await OfficeActs.Find(source, filter, http.RequestAborted);
        return ([.. own.Concat(parts.SelectMany(part => part.Acts ?? [])).OrderByDescending(act => act.Id).Take(Math.Clamp(filter.PageSize ?? 50, 1, 1000))],
            [.. parts.Where(part => part.Acts is null).Select(part => part.service)]);
    }

    /// <summary>Records an act at the gateway itself.</summary>
    public async Task Record(OfficeAct act, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.Record(act, cancellationToken);
    }

    static string Query(ActFilter filter) => QueryString.Create(new Dictionary<string, string?>
    {
        ["q"] = filter.Q,
        ["period"] = filter.Period,
        ["act"] = filter.Act,
        ["person"] = filter.Person,
        ["from"] = filter.From?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["until"] = filter.Until?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["before"] = filter.Before?.ToString(),
        ["pageSize"] = filter.PageSize?.ToString(CultureInfo.InvariantCulture),
    }.Where(parameter => !string.IsNullOrEmpty(parameter.Value))).ToString();

    async Task<IReadOnlyList<ActView>?> Ask(string service, string query, string? token, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(service);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/audit" + query, UriKind.Relative));
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<IReadOnlyList<ActView>>(cancellationToken) : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or System.Text.Json.JsonException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}

/// <summary>What an operator sees and does by the API, as on the office's pages.</summary>
static class OperationEndpoints
{
    internal static void AddOperations(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ErrorQueues>();
        builder.Services.AddSingleton<ServiceStates>();
        builder.Services.AddSingleton<Audit>();
        builder.Services.AddHttpClient(ServiceStates.Client, client => client.Timeout = TimeSpan.FromSeconds(3));
    }

    internal static void MapOperations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/audit", Find).WithTags("Audit").RequireAuthorization(Policies.OfficeOrAuditor);
        routes.MapGet("/api/system", State).WithTags("System").RequireAuthorization(Policies.OfficeOrAuditor);
        routes.MapPost("/api/system/queues/{queue}/redeliver", Redeliver).WithTags("System").RequireAuthorization(Policies.Office);
    }

    static async Task<IResult> Find(HttpContext http, Audit audit, [AsParameters] ActFilter filter)
    {
        var (acts, missing) = await audit.Find(http, filter);
        return TypedResults.Ok(new { items = acts, missing });
    }

    static async Task<IResult> State(HttpContext http, ServiceStates services, ErrorQueues queues) =>
        TypedResults.Ok(new { services = await services.Look(http), queues = await queues.Look(http.RequestAborted) });

    static async Task<IResult> Redeliver(
        string queue, [FromBody] RedeliveryRequest request, HttpContext http, ErrorQueues queues, Audit audit, TimeProvider clock, Microsoft.Extensions.Localization.IStringLocalizer<Texts> text)
    {
        if (!Queues.All.Contains(queue))
        {
            return Problems.Refuse(StatusCodes.Status404NotFound, "unknown-queue", text["UnknownQueue", queue]);
        }
        if (!RedeliveryRequest.IsReason(request.Reason))
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "reason-missing", text["ReasonMissing", RedeliveryRequest.Shortest, RedeliveryRequest.Longest], rule: "R31");
        }
        await audit.Record(OfficeAct.By(http.User, clock.GetUtcNow(), "queue.redelivered", subject: queue, reason: request.Reason), http.RequestAborted); // before: what is tried is on record
        return await queues.Redeliver(queue, http.RequestAborted) is { } sent
            ? TypedResults.Ok(new { queue, messages = sent })
            : Problems.Refuse(StatusCodes.Status503ServiceUnavailable, "try-again", text["QueuesAway"]);
    }
}

/// <param name="Reason">R31.</param>
sealed record RedeliveryRequest(string? Reason)
{
    internal const int Shortest = 5, Longest = 500;

    internal static bool IsReason(string? reason) => reason?.Trim().Length is >= Shortest and <= Longest;
}
