using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using EPimorfosi.Gateway.Accounts;

namespace EPimorfosi.Gateway.Services;

/// <summary>What the pages read and do for who is signed in: the services are asked as that person, and they judge.</summary>
sealed class OwnData(IHttpClientFactory clients, Sessions sessions)
{
    public Task<Answer<OwnOffer>> Offer(HttpContext http, string id) => Get<OwnOffer>(http, $"api/offers/{Uri.EscapeDataString(id)}");

    /// <param name="answer"><c>accept</c> or <c>decline</c>.</param>
    /// <returns>Why it was not taken; null if it was.</returns>
    public async Task<Refused?> AnswerOffer(HttpContext http, string id, string answer) => (await Do<object>(http, HttpMethod.Post, $"api/offers/{Uri.EscapeDataString(id)}/{answer}")).Refused;

    /// <summary>A teacher's own part in a period and what became of it.</summary>
    public Task<Answer<OwnPart>> Part(HttpContext http, string period) => Get<OwnPart>(http, $"api/applications/{Uri.EscapeDataString(period)}");

    public Task<Answer<OwnOptions>> Options(HttpContext http, string period) => Get<OwnOptions>(http, $"api/applications/{Uri.EscapeDataString(period)}/options");

    public Task<Answer<Paged<OwnReceipt>>> Receipts(HttpContext http, string period) => Get<Paged<OwnReceipt>>(http, $"api/applications/{Uri.EscapeDataString(period)}/receipts");

    public Task<Answer<OwnTeacher>> Teacher(HttpContext http) => Get<OwnTeacher>(http, "api/teachers/me");

    /// <summary>What a list may bring; null where it cannot be estimated.</summary>
    public async Task<ListChance?> Chance(HttpContext http, string period, IReadOnlyList<string> preferences) =>
        preferences.Count == 0 ? null : (await Do<ListChance>(http, HttpMethod.Post, $"api/draws/{Uri.EscapeDataString(period)}/chance", new { preferences }, "Allocation")).Value;

    /// <returns>What the office asked, or what is wrong with the question; neither while the service does not answer.</returns>
    public async Task<(WhatIf? Answer, IReadOnlyList<FieldFault> Faults)> WhatIf(HttpContext http, string period, object question)
    {
        using var response = await Send(http, HttpMethod.Post, $"api/draws/{Uri.EscapeDataString(period)}/what-if", "Allocation", question);
        return response?.StatusCode switch
        {
            HttpStatusCode.OK => (await response.Content.ReadFromJsonAsync<WhatIf>(http.RequestAborted), []),
            HttpStatusCode.UnprocessableEntity => (null, (await response.Content.ReadFromJsonAsync<FieldFaults>(http.RequestAborted))?.Faults ?? []),
            _ => (null, []),
        };
    }

    public async Task<Answer<T>> Get<T>(HttpContext http, string path, string service = "Applications") where T : class
    {
        using var response = await Send(http, HttpMethod.Get, path, service);
        return response?.StatusCode switch
        {
            HttpStatusCode.OK => new(Found.Yes, await response.Content.ReadFromJsonAsync<T>(http.RequestAborted)),
            null or >= HttpStatusCode.InternalServerError => new(Found.Unavailable, null),
            HttpStatusCode.Conflict => new(Found.NotYet, null),
            _ => new(Found.No, null),
        };
    }

    /// <returns>What was answered, or why it was refused.</returns>
    public async Task<(T? Value, Refused? Refused)> Do<T>(
        HttpContext http, HttpMethod method, string path, object? body = null, string service = "Applications", params (string Name, string Value)[] headers) where T : class
    {
        using var response = await Send(http, method, path, service, body, headers);
        return response switch
        {
            { IsSuccessStatusCode: true, StatusCode: not HttpStatusCode.NoContent, Content.Headers.ContentLength: not 0 } => (await response.Content.ReadFromJsonAsync<T>(http.RequestAborted), null),
            { IsSuccessStatusCode: true } => (null, null),
            { Content.Headers.ContentType.MediaType: "application/problem+json" } => (null, await response.Content.ReadFromJsonAsync<Refused>(http.RequestAborted)),
            _ => (null, new(null, null)),
        };
    }

    /// <summary>Null while the service does not answer.</summary>
    async Task<HttpResponseMessage?> Send(HttpContext http, HttpMethod method, string path, string service = "Applications", object? body = null, params (string Name, string Value)[] headers)
    {
        try
        {
            using var client = clients.CreateClient(service);
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
            if (await sessions.Of(http.User, http.RequestAborted) is { } session)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
            }
            request.Headers.AcceptLanguage.ParseAdd(Language.IsGreek ? "el" : "en");
            request.Headers.Add("Prefer", "wait=5");
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
            return await client.SendAsync(request, http.RequestAborted);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is TaskCanceledException && !http.RequestAborted.IsCancellationRequested))
        {
            return null;
        }
    }
}

/// <param name="State"><c>open</c>, <c>accepted</c>, <c>declined</c> or <c>expired</c>.</param>
sealed record OwnOffer(string Id, string Period, string Programme, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt, string State);
