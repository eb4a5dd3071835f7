using System.Net;

namespace EPimorfosi.Load;

/// <summary>
/// Seats given up in programmes that have runners-up: each is offered to the next in line, who accepts, declines or lets it be (R25). It comes
/// when nobody claims any more, so that an open offer keeps no claimant waiting in this play.
/// </summary>
public static class SeatOffers
{
    public static async Task<string> Play(Play play, Step step)
    {
        var lines = Lines(play);
        var leaving = play.Results.Where(line => line.Rank > 0 && lines.Contains(line.Programme)).Select(line => Player(play, line.Ticket))
            .Where(player => player.Claims.Count == 0 && player.Random.NextDouble() < 0.05).ToList();
        await step.Each(leaving, player => PhaseB.GiveUp(play, player));
        var (left, accepted, declined) = (new HashSet<long>(), 0, 0);
        while (await Open(play) is var open && open.Where(offer => !left.Contains(offer.Number)).ToList() is { Count: > 0 } unanswered)
        {
            await step.Each(unanswered, async offer =>
            {
                var player = Player(play, offer.Ticket);
                var mood = player.Random.NextDouble();
                if (mood > 0.85)
                {
                    lock (left)
                    {
                        left.Add(offer.Number);
                    }
                    return;
                }
                var answer = await Step.Until($"offer {offer.Number} to reach its runner-up", TimeSpan.FromMinutes(1), async () =>
                    await play.Gateway.Post($"/api/offers/{play.Period}.{offer.Number}/{(mood < 0.6 ? "accept" : "decline")}", null, player.Session, ("Prefer", "wait=5")) is { Status: not HttpStatusCode.NotFound } there ? there : null);
                if (answer.Status == HttpStatusCode.Conflict)
                {
                    answer.ExpectRefusal(HttpStatusCode.Conflict, "R26"); // another offer was accepted meanwhile
                    return;
                }
                answer.Expect(HttpStatusCode.OK, HttpStatusCode.Accepted);
                _ = mood < 0.6 ? Interlocked.Increment(ref accepted) : Interlocked.Increment(ref declined);
            });
        }
        return $"{leaving.Count:#,0} seats given up, {accepted:#,0} offers accepted, {declined:#,0} declined, {left.Count:#,0} left open";
    }

    /// <summary>Programmes with runners-up: who has them gives the seat up here, not among the claims.</summary>
    public static HashSet<string> Lines(Play play)
    {
        var lists = play.Applications.ToDictionary(application => application.Ticket, application => application.Choices);
        return [.. play.Results.SelectMany(line => lists[line.Ticket].Take(line.Rank > 0 ? line.Rank - 1 : int.MaxValue))];
    }

    static Player Player(Play play, string ticket) => play.ByTicket[ticket];

    /// <summary>Offers that the public log shows as open.</summary>
    static async Task<List<LogLine>> Open(Play play)
    {
        play.Log = (await play.Gateway.Get($"/api/seats/{play.Period}/log.txt")).Expect(HttpStatusCode.OK).Body;
        var open = Aftermath.Replay(play).Offers.ToHashSet();
        return [.. SeatReplay.Parse(play.Log).Where(line => line.Event == "offered" && open.Contains((line.Ticket, line.Programme!)))];
    }
}
