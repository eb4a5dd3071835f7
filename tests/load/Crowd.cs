using System.Net;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>A period on the eve of phase B: some came on paper and were drawn, most stand at the door, everybody is signed in.</summary>
public static class Crowd
{
    public static readonly (string Name, Func<Play, Step, Task<string>> Stage)[] Plot =
    [
        ("Sign in as the office", SignIn),
        ("Put a fresh period", Preparation.Period),
        ("Read the reference data", Preparation.Reference),
        ("Import programmes", Preparation.Programmes),
        ("Import teachers", Preparation.Teachers),
        ("Import accounts", Preparation.Accounts),
        ("Custodians commit", Preparation.Custodians),
        ("Open phase A", PhaseA.Open),
        ("Import paper applications", PhaseA.Paper),
        ("Close phase A", PhaseA.Close),
        ("Freeze the lists", DrawDay.Freeze),
        ("Draw", DrawDay.Draw),
        ("Publish the results", DrawDay.Publish),
        ("Teachers sign in", Teachers),
        ("Open phase B", PhaseB.Open),
    ];

    static async Task<string> SignIn(Play play, Step step)
    {
        play.Office = await play.Gateway.SignIn("office", (await File.ReadAllTextAsync(play.Options.OfficePasswordFile)).Trim());
        return "";
    }

    static async Task<string> Teachers(Play play, Step step)
    {
        await step.Each(play.Players, player => PhaseA.SignIn(play, player), atOnce: 32);
        return $"{play.Players.Count:#,0} sessions";
    }

    /// <summary>What each would like: any programme that admits them, with an eye on the free seats.</summary>
    public static async Task<List<(Player Player, string[] List)>> Wishes(Play play)
    {
        var free = await PhaseB.FreeSeats(play);
        var byCluster = play.Population.Offerings.ToLookup(offering => offering.Cluster);
        return
        [
            .. play.Players.Select(player => (player, Preferences.ForClaim(
                player.Random, player.Teacher, byCluster[player.Teacher.Cluster].Where(offering => offering.IsLocal(player.Teacher)), play.Population.Popularity, free)))
                .Where(wish => wish.Item2.Length > 0),
        ];
    }

    /// <param name="wait">Seconds of <c>Prefer: wait</c>; 0 for none.</param>
    public static byte[] Claim(Play play, Player player, string[] list, int wait, string? key = null)
    {
        List<string> headers = [$"Idempotency-Key: {key ?? Guid.NewGuid().ToString("N")}"];
        if (wait > 0)
        {
            headers.Add($"Prefer: wait={wait}");
        }
        return Wire.Request("POST", play.Options.Gateway, $"/api/claims/{play.Period}", player.Session, JsonSerializer.Serialize(new { preferences = list }), [.. headers]);
    }

    /// <summary>Waits until so many claims are decided; the answer is the log.</summary>
    public static Task<string> Decided(Play play, long claims, Step? step = null) => Step.Until("every claim to be decided", TimeSpan.FromMinutes(5), async () =>
    {
        var log = (await play.Gateway.Get($"/api/seats/{play.Period}/log.txt")).Expect(HttpStatusCode.OK).Body;
        var decided = SeatReplay.Parse(log).Count(line => line.IsOutcome);
        step?.At(decided, claims);
        return decided >= claims ? log : null;
    });
}
