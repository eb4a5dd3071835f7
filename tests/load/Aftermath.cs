using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EPimorfosi.Load;

/// <summary>After phase B: enrolment (R28), and everybody's messages (R29).</summary>
public static class Aftermath
{
    /// <summary>Fields of a period that the office sets; the others are the server's.</summary>
    static readonly string[] Given = ["title", "level", "firstDay", "lastDay", "phaseA", "drawAt", "phaseB", "enrolment", "groupMinimum", "groupMaximum", "policy"];

    public static async Task<string> Enrolment(Play play, Step step)
    {
        await OpenWindow(play, step);
        var replay = Replay(play);
        var seats = replay.Members.Where(programme => programme.Value.Count >= play.Programmes.Single(one => one.Code == programme.Key).Minimum)
            .SelectMany(programme => programme.Value.Select(ticket => (ticket, programme.Key))).ToDictionary(seat => seat.ticket, seat => seat.Key);
        var holders = play.Players.Where(player => player.Ticket is { } ticket && seats.ContainsKey(ticket)).ToList();
        var (confirmed, declined) = (0, 0);
        await step.Each(holders, async player =>
        {
            var mood = player.Random.NextDouble();
            if (mood > 0.97)
            {
                return; // silence: the seat is freed after the window (R28)
            }
            var seat = seats[player.Ticket!];
            await Step.Until($"ticket {player.Ticket} to be told of its seat in {seat}", TimeSpan.FromMinutes(1), async () =>
                (await play.Gateway.Get(PhaseA.Path(play), player.Session)).Expect(HttpStatusCode.OK) is var view && (view.Find("seat")?.GetString() == seat || Promoted(view)) ? "" : null);
            var confirms = mood < 0.94;
            var answer = (await play.Gateway.Post($"/api/enrolments/{play.Period}/{(confirms ? "confirm" : "decline")}", null, player.Session, ("Idempotency-Key", player.Ticket!))).Expect(HttpStatusCode.OK);
            player.Answered = answer.Text("programme");
            _ = confirms ? Interlocked.Increment(ref confirmed) : Interlocked.Increment(ref declined);
        });
        await Step.Until("every declined seat to be free", TimeSpan.FromMinutes(2), async () =>
        {
            play.Log = (await play.Gateway.Get($"/api/seats/{play.Period}/log.txt")).Expect(HttpStatusCode.OK).Body;
            return SeatReplay.Parse(play.Log).Count(line => line.Event == "released") >= play.Releases + declined ? play.Log : null;
        });
        return $"{confirmed:#,0} confirmed, {declined:#,0} declined, {holders.Count - confirmed - declined:#,0} said nothing";
    }

    /// <summary>Whoever waits may get a seat that another has just declined.</summary>
    static bool Promoted(Answer view) => view.Find("claim") is { ValueKind: JsonValueKind.Object } claim && claim.GetProperty("outcome").GetString() == "promoted";

    static async Task OpenWindow(Play play, Step step)
    {
        var period = JsonNode.Parse((await play.Gateway.Get($"/api/periods/{play.Period}")).Expect(HttpStatusCode.OK).Body)!;
        var change = new JsonObject(Given.Select(field => KeyValuePair.Create(field, period[field]?.DeepClone())))
        {
            ["drawAt"] = JsonDocument.Parse(play.Bundle.DrawJson).RootElement.GetProperty("drawnAt").GetString(), // not after phase B opened
            ["enrolment"] = JsonSerializer.SerializeToNode(new Span(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(5)), JsonSerializerOptions.Web),
        };
        (await play.Gateway.Put($"/api/periods/{play.Period}?reason={Uri.EscapeDataString("Επίδειξη του συστήματος: η προθεσμία εγγραφής ανοίγει τώρα.")}", change, play.Office)).Expect(HttpStatusCode.OK);
        var newest = period["version"]!.GetValue<int>() + 1;
        await Step.Until("the enrolment window to be open", TimeSpan.FromMinutes(1), async () =>
            (await play.Gateway.Get($"/api/periods/{play.Period}")).Expect(HttpStatusCode.OK) is var now && now.Number("version") >= newest ? now : null);
    }

    /// <summary>The log over the results; a log that is wrong is a broken invariant, and told there.</summary>
    public static SeatReplay Replay(Play play)
    {
        var replay = new SeatReplay(play.Programmes, play.Results, play.Applications);
        replay.Run(SeatReplay.Parse(play.Log));
        return replay;
    }

    /// <summary>How many messages each is owed: one a version, the close for who is in the draw, a strike or its undoing, a result, a line of the log, an answer on enrolment.</summary>
    public static Dictionary<string, int> Owed(Play play)
    {
        var byTicket = play.Results.Select(line => line.Ticket).Concat(SeatReplay.Parse(play.Log).Select(line => line.Ticket)).CountBy(ticket => ticket).ToDictionary();
        return play.Players.ToDictionary(player => player.Teacher.Email,
            player => player.Versions + (player.List is null ? 0 : 1) + player.Strikes + (player.Answered is null ? 0 : 1) + (player.Ticket is { } ticket ? byTicket.GetValueOrDefault(ticket) : 0));
    }

    public static async Task<string> Messages(Play play, Step step)
    {
        var owed = Owed(play).Values.Sum();
        var (most, since) = (0, DateTime.UtcNow);
        // As long as they go on arriving it waits; the limit is on silence.
        await Step.Until("all messages to arrive", TimeSpan.FromHours(1), async () =>
        {
            await Task.Delay(1000); // the catcher sorts all it has for each answer
            var arrived = await play.Mailbox.Count() - play.MailBefore;
            (most, since) = arrived > most ? (arrived, DateTime.UtcNow) : (most, since);
            step.At(arrived, owed);
            return arrived >= owed || DateTime.UtcNow - since > TimeSpan.FromSeconds(90) ? "" : null;
        });
        await Task.Delay(2000); // a message too many would come about now
        play.Delivered = await play.Mailbox.Count() - play.MailBefore;
        var summary = (await play.Gateway.Get("/api/messages/summary", play.Office)).Expect(HttpStatusCode.OK);
        play.Messages = [.. summary.Find("counts")!.Value.EnumerateArray().Where(count => count.GetProperty("period").GetString() == play.Period)
            .Select(count => new MessageCount(count.GetProperty("kind").GetString()!, count.GetProperty("state").GetString()!, count.GetProperty("count").GetInt64()))];
        return $"{play.Delivered:#,0} in the catcher, {owed:#,0} owed";
    }
}
