using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace EPimorfosi.Tests.Servers;

/// <summary>A virtual host of RabbitMQ: a broker of its own as far as its users can see.</summary>
/// <param name="Amqp">For <c>ConnectionStrings:Bus</c>: <c>amqp://user:password@host:port/name</c>.</param>
/// <param name="Management">The management's address, with user and password.</param>
public sealed record VirtualHost(string Name, string Amqp, Uri Management) : IAsyncDisposable
{
    /// <summary>The queues with, among others, <c>name</c>, <c>type</c> and <c>messages</c>; the counts are some seconds old.</summary>
    public async Task<IReadOnlyList<JsonNode>> QueuesAsync(CancellationToken cancel = default)
    {
        using var http = Client(Management);
        var queues = await http.GetFromJsonAsync<JsonArray>($"api/queues/{Name}", cancel);
        return [.. queues!.Select(queue => queue!)];
    }

    internal static async Task<VirtualHost> CreateOn(Uri amqp, Uri management, CancellationToken cancel)
    {
        var name = "test-" + Guid.CreateVersion7().ToString("N");
        using var http = Client(management);
        (await http.PutAsJsonAsync($"api/vhosts/{name}", new { }, cancel)).EnsureSuccessStatusCode();
        var user = amqp.UserInfo.Split(':')[0];
        (await http.PutAsJsonAsync($"api/permissions/{name}/{user}", new { configure = ".*", write = ".*", read = ".*" }, cancel)).EnsureSuccessStatusCode();
        return new VirtualHost(name, $"{amqp.GetLeftPart(UriPartial.Authority)}/{name}", management);
    }

    /// <summary>With all its queues: they take memory, and a broker that has too little left lets nobody publish.</summary>
    public async ValueTask DisposeAsync()
    {
        using var http = Client(Management);
        using var answer = await http.DeleteAsync(new Uri($"api/vhosts/{Name}", UriKind.Relative));
    }

    static HttpClient Client(Uri management)
    {
        var user = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo)));
        var http = new HttpClient { BaseAddress = new Uri($"{management.Scheme}://{management.Host}:{management.Port}/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", user);
        return http;
    }
}
