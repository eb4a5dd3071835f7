using System.Net;

namespace EPimorfosi.Load;

/// <summary>Phase B: first come, first served (R21-R24), with seats given up on the way.</summary>
public static class PhaseB
{
    public static async Task<string> Open(Play play, Step step)
    {
        (await Preparation.Phase(play, "B", "open")).Expect(HttpStatusCode.OK);
        var free = await FreeSeats(play);
        // The results reach everybody by themselves; who is last in the draw is as good a sign as any.
        var byTicket = play.Players.Where(player => player.Ticket is not null).ToDictionary(player => player.Ticket!);
        await step.Each([.. play.Results.Where(line => line.Place % 250 == 0 || line.Place == play.Results.Count)], line => Step.Until("everybody's result to reach them", TimeSpan.FromMinutes(2), async () =>
            (await play.Gateway.Get(PhaseA.Path(play), byTicket[line.Ticket].Session)).Expect(HttpStatusCode.OK).Find("outcome") is not null ? "" : null));
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
        var inLine = SeatOffers.Lines(play);
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
                : mood < 0.04 && !inLine.Contains(own) ? () => GiveUp(play, player, claimAfter: mood < 0.02 ? free : null)
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
        var (key, atTheDesk) = (Guid.NewGuid(), player.Teacher is { Way: Way.Paper, Number: < 500 });
        var answer = await Ask(play, player, list, key, atTheDesk);
        if (answer.Status == HttpStatusCode.Conflict)
        {
            answer.ExpectRefusal(HttpStatusCode.Conflict, "R21"); // the programme has come to its minimum meanwhile, or had it from the start
            play.Refused("claim by who has a seat in a viable programme (R21)");
            return;
        }
        var claimed = Claimed(answer, list);
        player.Claims.Add(claimed);
        if (player.Random.NextDouble() < 0.1)
        {
            var again = Claimed(await Ask(play, player, list, key, atTheDesk), list);
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

    public static async Task GiveUp(Play play, Player player, IReadOnlyDictionary<string, int>? claimAfter = null)
    {
        await Arrive(play, player);
        (await play.Gateway.Post($"/api/seats/{play.Period}/release", null, player.Session, ("Prefer", "wait=5"), ("Idempotency-Key", Guid.NewGuid().ToString())))
            .Expect(HttpStatusCode.OK, HttpStatusCode.Accepted);
        lock (play)
        {
            play.Releases++;
        }
        if (claimAfter is not null)
        {
            await Claim(play, player, claimAfter);
        }
    }

    static async Task Arrive(Play play, Player player)
    {
        if (player.Allowed.Length == 0)
        {
            await PhaseA.LookAtOptions(play, player);
        }
    }

    /// <param name="atTheDesk">The office types the claim in for the teacher, with a reason (R31).</param>
    static Task<Answer> Ask(Play play, Player player, string[] list, Guid key, bool atTheDesk = false) =>
        play.Gateway.Post($"/api/claims/{play.Period}{(atTheDesk ? $"?teacher={player.Teacher.RegistryNumber}&reason={Uri.EscapeDataString("Αίτημα στο γκισέ")}" : "")}",
            new { preferences = list }, atTheDesk ? play.Office : player.Session!, ("Prefer", "wait=5"), ("Idempotency-Key", key.ToString()));

    static Claimed Claimed(Answer answer, string[] list)
    {
        answer.Expect(HttpStatusCode.OK, HttpStatusCode.Accepted);
        return new(answer.Number("sequence"), list, answer.Status == HttpStatusCode.OK ? answer.Text("outcome") : null, answer.Find("programme")?.GetString());
    }

    public static async Task<string> Close(Play play, Step step)
    {
        (await Preparation.Phase(play, "B", "closed")).Expect(HttpStatusCode.OK);
        var probe = play.Players.First(player => player.Session is not null && player.Allowed.Length > 0 && player.Teacher.BarredBy is null);
        await Step.Until("phase B to be closed for claims", TimeSpan.FromMinutes(1), async () =>
            await Ask(play, probe, [], Guid.NewGuid()) is { Status: HttpStatusCode.Conflict } answer ? answer : null);
        var claims = play.Players.Sum(player => player.Claims.Count);
        await step.Each([.. play.Players.Where(player => player.Ticket is null && player.Claims.Count > 0)], async player =>
            player.Told((await play.Gateway.Get(PhaseA.Path(play), player.Session)).Expect(HttpStatusCode.OK).Text("ticket"))); // R14: who is new has got one
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
