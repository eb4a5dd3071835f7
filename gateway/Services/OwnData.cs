using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using EPimorfosi.Gateway.Accounts;

namespace EPimorfosi.Gateway.Services;

/// <summary>What the pages read and do for who is signed in: the services are asked as that person, and they judge.</summary>
sealed class OwnData(IHttpClientFactory clients, Sessions sessions)
{
    public async Task<Answer<OwnOffer>> Offer(HttpContext http, string id)
    {
        using var response = await Send(http, HttpMethod.Get, $"api/offers/{Uri.EscapeDataString(id)}");
        return response?.StatusCode switch
        {
            HttpStatusCode.OK => new(Found.Yes, await response.Content.ReadFromJsonAsync<OwnOffer>(http.RequestAborted)),
            null or >= HttpStatusCode.InternalServerError => new(Found.Unavailable, null),
            _ => new(Found.No, null),
        };
    }

    /// <param name="answer"><c>accept</c> or <c>decline</c>.</param>
    /// <returns>Why it was not taken; null if it was.</returns>
    public async Task<Refused?> AnswerOffer(HttpContext http, string id, string answer)
    {
        using var response = await Send(http, HttpMethod.Post, $"api/offers/{Uri.EscapeDataString(id)}/{answer}");
        return response switch
        {
            { IsSuccessStatusCode: true } => null,
            { Content.Headers.ContentType.MediaType: "application/problem+json" } => await response.Content.ReadFromJsonAsync<Refused>(http.RequestAborted),
            _ => new(null, null),
        };
    }

    /// <summary>A teacher's own claim and what became of it.</summary>
    public async Task<Answer<OwnPart>> Part(HttpContext http, string period)
    {
        using var response = await Send(http, HttpMethod.Get, $"api/applications/{Uri.EscapeDataString(period)}");
        return response?.StatusCode switch
        {
            HttpStatusCode.OK => new(Found.Yes, await response.Content.ReadFromJsonAsync<OwnPart>(http.RequestAborted)),
            null or >= HttpStatusCode.InternalServerError => new(Found.Unavailable, null),
            _ => new(Found.No, null),
        };
    }

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

    /// <summary>Null while the service does not answer.</summary>
    async Task<HttpResponseMessage?> Send(HttpContext http, HttpMethod method, string path, string service = "Applications", object? body = null)
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

/// <summary>A problem in the reader's words; both null while the service does not answer.</summary>
sealed record Refused(string? Title, string? Detail);
