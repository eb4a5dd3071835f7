using System.Net.Http.Headers;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Documents;
using EPimorfosi.Gateway.Services;

namespace EPimorfosi.Gateway.Operations;

/// <summary>Whether each replica of each service is ready, and what its outbox holds.</summary>
sealed class ServiceStates(IHttpClientFactory clients, Sessions sessions, IConfiguration configuration)
{
    internal const string Client = "service-states";

    public async Task<IReadOnlyList<ServiceState>> Look(HttpContext http)
    {
        var token = (await sessions.Of(http.User, http.RequestAborted))?.Token;
        return await Task.WhenAll(ApiDocument.Services.Select(async service =>
        {
            var ready = await Task.WhenAll(ServiceAddresses.Of(configuration, service).Select(async address =>
            {
                using var answer = await Ask(new(address, "/health/ready"), null, http.RequestAborted);
                return (address, Ready: answer?.IsSuccessStatusCode == true);
            }));
            var backlog = ready.FirstOrDefault(replica => replica.Ready) is { address: { } first } ? await Backlog(first, token, http.RequestAborted) : null;
            return new ServiceState(service, ready.Length, ready.Count(replica => replica.Ready), backlog);
        }));
    }

    async Task<Backlog?> Backlog(Uri address, string? token, CancellationToken cancellationToken)
    {
        using var answer = await Ask(new(address, "/system/backlog"), token, cancellationToken);
        return answer?.IsSuccessStatusCode == true ? await answer.Content.ReadFromJsonAsync<Backlog>(cancellationToken) : null;
    }

    async Task<HttpResponseMessage?> Ask(Uri address, string? token, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(Client);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return await client.SendAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <param name="Ready">Replicas that answer.</param>
/// <param name="Backlog">Null while none answers.</param>
sealed record ServiceState(string Service, int Replicas, int Ready, Backlog? Backlog);
