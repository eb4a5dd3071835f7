using System.Net.Http.Json;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>The mail catcher (maildev 3, its web interface): what a recipient would have found in the mailbox.</summary>
public sealed class Mailbox(Uri web) : IDisposable
{
    const int Page = 200;
    readonly HttpClient http = new() { BaseAddress = web };

    public Uri Address => web;

    public async Task<int> Count() => (await List(0, 1)).GetProperty("storeTotal").GetInt32();

    /// <summary>How many messages each address has got.</summary>
    /// <param name="from">Messages that were there before and are passed over.</param>
    public async Task<Dictionary<string, int>> CountByAddress(int from)
    {
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var skip = from; ; skip += Page)
        {
            var items = (await List(skip, Page)).GetProperty("items");
            foreach (var address in items.EnumerateArray().SelectMany(mail => mail.GetProperty("to").EnumerateArray()).Select(to => to.GetProperty("address").GetString()!))
            {
                counts[address] = counts.GetValueOrDefault(address) + 1;
            }
            if (items.GetArrayLength() < Page)
            {
                return counts;
            }
        }
    }

    async Task<JsonElement> List(int skip, int limit) => await http.GetFromJsonAsync<JsonElement>($"/api/email/summary?sort=asc&skip={skip}&limit={limit}");

    public void Dispose() => http.Dispose();
}
