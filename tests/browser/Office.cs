using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Browser.Tests;

/// <summary>What the office and the custodians do between the teachers' steps, by the API.</summary>
static class Office
{
    internal static readonly string[] Given = ["title", "level", "firstDay", "lastDay", "phaseA", "drawAt", "phaseB", "enrolment", "groupMinimum", "groupMaximum", "policy"];

    static readonly string[] CustodianNames = ["custodian-one", "custodian-two"];

    /// <summary>Closes phase A, holds the ceremony and publishes.</summary>
    public static async Task Draw(this Site site, string period)
    {
        var client = site.System.Client;
        await site.Commitments(period);
        await site.Phase(period, "A", "closed");
        await site.UntilFrozen(period);
        (await client.Post($"/api/draws/{period}/commit", new { randomness = "custodians" }, site.System.Office)).Expect(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent);
        await site.Reveals(period);
        foreach (var step in new[] { "run", "publish" })
        {
            (await client.Post($"/api/draws/{period}/{step}", new { }, site.System.Office)).Expect(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent);
        }
        await site.State(period, "Published");
    }

    public static async Task Commitments(this Site site, string period)
    {
        (await site.System.Client.Import("/api/accounts/import", "user_name,role,registry_number,centre,password\n" + string.Concat(CustodianNames.Select(name => $"{name},auditor,,,{Site.Secret}\n")), site.System.Office))
            .Expect(HttpStatusCode.OK);
        foreach (var name in CustodianNames)
        {
            await site.Act(period, name, "commitments", new { name, commitment = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"reveal of {name}"))) });
        }
    }

    public static async Task Reveals(this Site site, string period)
    {
        foreach (var name in CustodianNames)
        {
            await site.Act(period, name, "reveals", new { name, reveal = $"reveal of {name}" });
        }
    }

    public static Task UntilFrozen(this Site site, string period) => site.State(period, "Frozen");

    static async Task Act(this Site site, string period, string name, string step, object body) =>
        (await site.System.Client.Post($"/api/draws/{period}/{step}", body, await site.System.Client.SignIn(name, Site.Secret))).Expect(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.NoContent);

    public static async Task Phase(this Site site, string period, string phase, string state) =>
        (await site.System.Client.Post($"/api/periods/{period}/phase", new { phase, state, reason = "Δοκιμή" }, site.System.Office)).Expect(HttpStatusCode.OK);

    static Task State(this Site site, string period, string state) =>
        Until.True(async () => (await site.System.Client.Get($"/api/draws/{period}")) is { Status: HttpStatusCode.OK } answer && answer.Text("state") == state, $"the draw to be {state}", 90);

    /// <summary>The days of enrolment begin now.</summary>
    public static async Task OpenEnrolment(this Site site, string period)
    {
        var now = JsonNode.Parse((await site.System.Client.Get($"/api/periods/{period}")).Expect(HttpStatusCode.OK).Body)!;
        var drawn = (await site.System.Client.Get($"/api/draws/{period}")).Expect(HttpStatusCode.OK).Text("drawnAt");
        var change = new JsonObject(Given.Select(field => KeyValuePair.Create(field, now[field]?.DeepClone())))
        {
            ["drawAt"] = drawn, // not after phase B opened
            ["enrolment"] = JsonSerializer.SerializeToNode(new { opens = DateTimeOffset.UtcNow, closes = DateTimeOffset.UtcNow.AddDays(5) }),
        };
        (await site.System.Client.Put($"/api/periods/{period}?reason=test", change, site.System.Office)).Expect(HttpStatusCode.OK);
    }
}
