using System.Net;

namespace EPimorfosi.Load;

/// <summary>Phase B: first come, first served (R21-R24), with seats given up on the way.</summary>
public static class PhaseB
{
    public static async Task<string> Open(Play play, Step step)
    {
        (await Preparation.Phase(play, "B", "open")).Expect(HttpStatusCode.OK);
        var free = await FreeSeats(play);
        // An empty list is refused by its rule as soon as claims are taken, and before that because the phase isn't open.
        var probe = play.Players.First(player => player.Session is not null && player.Teacher.BarredBy is null);
        await Step.Until("phase B to be open for claims", TimeSpan.FromMinutes(1), async () =>
            await Ask(play, probe, [], Guid.NewGuid()) is { Status: HttpStatusCode.UnprocessableEntity } answer ? answer : null);
        return $"{free.Values.Sum():#,0} free seats";
    }

    /// <summary>Who claims: the unplaced, the provisionally placed, those who came back or came new; and some who may not.</summary>
    public static async Task<string> Claims(Play play, Step step)
    {
        var free = await FreeSeats(play);
        var members = play.Results.Where(line => line.Rank > 0).GroupBy(line => line.Programme).ToDictionary(programme => programme.Key, programme => programme.Count());
        var minimum = play.Programmes.ToDictionary(programme => programme.Code, programme => programme.Minimum);
        var seat = play.Results.Where(line => line.Rank > 0).ToDictionary(line => line.Ticket, line => line.Programme);
        var acts = play.Players.Where(player => player.Teacher.BarredBy is null).OrderBy(player => player.Random.Next())
            .Select(player => (Player: player, Act: Choose(player, player.Ticket is { } ticket ? seat.GetValueOrDefault(ticket) : null)))
            .Where(one => one.Act is not null).ToList();
        await step.Each(acts, one => one.Act!());
        var claims = play.Players.Sum(player => player.Claims.Count);
        return $"{claims:#,0} claims, {play.Players.Sum(player => player.Claims.Count(claim => claim.Outcome is not null)):#,0} decided while the client waited; {play.Repeats} repeated with their key, {play.Releases} seats given up";

        Func<Task>? Choose(Player player, string? own)
        {
            var mood = player.Random.NextDouble();
            return own is null ? mood < (player.Teacher.Way is Way.Newcomer or Way.Late ? 0.95 : 0.7) ? () => Claim(play, player, free) : null
                : members[own] < minimum[own] ? mood < 0.6 ? () => Claim(play, player, free) : null
                : mood < 0.04 ? () => GiveUp(play, player, free, claimAfter: mood < 0.02)
                : mood < 0.05 ? () => Claim(play, player, free)
                : null;
        }
    }

    /// <summary>A claim; who has to wait may think of something else, which is a new claim (R23).</summary>
    static async Task Claim(Play play, Player player, IReadOnlyDictionary<string, int> free)
    {
        await ClaimOnce(play, player, free);
        if (player.Claims is [.., { Outcome: "waiting" }] && player.Random.NextDouble() < 0.3)
        {
            await ClaimOnce(play, player, free);
        }
    }

    static async Task ClaimOnce(Play play, Player player, IReadOnlyDictionary<string, int> free)
    {
        await Arrive(play, player);
        var list = Preferences.ForClaim(player.Random, player.Teacher, player.Allowed, play.Population.Popularity, free);
        if (list.Length == 0)
        {
            return;
        }
        var key = Guid.NewGuid();
        var claimed = Claimed(player, await Ask(play, player, list, key), list);
        player.Claims.Add(claimed);
        if (player.Random.NextDouble() < 0.1)
        {
            var again = Claimed(player, await Ask(play, player, list, key), list);
            if (again.Sequence != claimed.Sequence)
            {
                throw new UnexpectedAnswerException($"A claim repeated with its Idempotency-Key became claim {again.Sequence} beside {claimed.Sequence}.");
            }
            lock (play)
            {
                play.Repeats++;
            }
        }
    }

    static async Task GiveUp(Play play, Player player, IReadOnlyDictionary<string, int> free, bool claimAfter)
    {
        await Arrive(play, player);
        (await play.Gateway.Post($"/api/seats/{play.Period}/release{For(player, "?")}", new { reason = "Παραίτηση" }, Who(play, player), ("Idempotency-Key", Guid.NewGuid().ToString())))
            .Expect(HttpStatusCode.OK, HttpStatusCode.Accepted);
        lock (play)
        {
            play.Releases++;
        }
        if (claimAfter)
        {
            await Claim(play, player, free);
        }
    }

    static async Task Arrive(Play play, Player player)
    {
        if (player.Allowed.Length == 0 && player.Teacher.Way != Way.Paper)
        {
            await PhaseA.LookAtOptions(play, player);
        }
    }

    static Task<Answer> Ask(Play play, Player player, string[] list, Guid key) =>
        play.Gateway.Post($"/api/claims/{play.Period}{For(player, "?")}", new { preferences = list, cluster = player.Teacher.Cluster, declarations = new { teachingNow = true } }, Who(play, player),
            ("Prefer", "wait=5"), ("Idempotency-Key", key.ToString()));

    static Claimed Claimed(Player player, Answer answer, string[] list)
    {
        answer.Expect(HttpStatusCode.OK, HttpStatusCode.Accepted);
        if (answer.Find("ticket")?.GetString() is { } ticket)
        {
            player.Told(ticket);
        }
        return new(answer.Number("sequence"), list, answer.Status == HttpStatusCode.OK ? answer.Text("outcome") : null, answer.Find("programme")?.GetString());
    }

    /// <summary>Those on paper are served by the office.</summary>
    public static Session Who(Play play, Player player) => player.Teacher.Way == Way.Paper ? play.Office : player.Session!;

    public static string For(Player player, string sign) =>
        player.Teacher.Way == Way.Paper ? $"{sign}teacher={player.Teacher.RegistryNumber}&reason={Uri.EscapeDataString("Αίτημα στο γκισέ")}" : "";

    public static async Task<string> Close(Play play, Step step)
    {
        (await Preparation.Phase(play, "B", "closed")).Expect(HttpStatusCode.OK);
        var probe = play.Players.First(player => player.Session is not null && player.Allowed.Length > 0 && player.Teacher.BarredBy is null);
        await Step.Until("phase B to be closed for claims", TimeSpan.FromMinutes(1), async () =>
            await Ask(play, probe, [], Guid.NewGuid()) is { Status: HttpStatusCode.Conflict } answer ? answer : null);
        var claims = play.Players.Sum(player => player.Claims.Count);
        await Step.Until("every claim to be decided", TimeSpan.FromMinutes(5), async () =>
        {
            play.Log = (await play.Gateway.Get($"/api/seats/{play.Period}/log.txt")).Expect(HttpStatusCode.OK).Body;
            var decided = SeatReplay.Parse(play.Log).Count(line => line.IsOutcome);
            step.At(decided, claims);
            return decided >= claims ? play.Log : null;
        });
        var events = SeatReplay.Parse(play.Log).GroupBy(line => line.Event).OrderByDescending(kind => kind.Count());
        return string.Join(", ", events.Select(kind => $"{kind.Count():#,0} {kind.Key}"));
    }

    public static async Task<Dictionary<string, int>> FreeSeats(Play play) =>
        (await Preparation.Pages(play.Gateway, $"/api/seats/{play.Period}")).ToDictionary(seat => seat.GetProperty("programme").GetString()!, seat => seat.GetProperty("free").GetInt32());
}
