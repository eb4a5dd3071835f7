using System.Net;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>The end of phase B (R27): the office looks at the preview, keeps one programme with a reason, and sets the rescue off.</summary>
public static class SeatRescue
{
    public static async Task<string> Play(Play play, Step step)
    {
        var address = $"/api/seats/{play.Period}/rescue";
        var first = (await play.Gateway.Get($"{address}/preview", play.Office)).Expect(HttpStatusCode.OK).Find("programmes")!.Value.EnumerateArray()
            .Where(programme => programme.GetProperty("members").GetInt32() > 0).ToList();
        if (first.Count > 0)
        {
            var fullest = first.MaxBy(programme => programme.GetProperty("members").GetInt32()).GetProperty("programme").GetString()!;
            (await play.Gateway.Put($"{address}/kept/{fullest}", new { reason = "Επίδειξη του συστήματος: το μοναδικό πρόγραμμα της περιοχής." }, play.Office)).Expect(HttpStatusCode.OK);
        }
        var preview = (await play.Gateway.Get($"{address}/preview", play.Office)).Expect(HttpStatusCode.OK);
        // Phase B's last second still belongs to it.
        await Step.Until("phase B to be over", TimeSpan.FromMinutes(1), async () =>
            await play.Gateway.Post(address, null, play.Office) is { Status: not HttpStatusCode.Conflict } taken ? taken.Expect(HttpStatusCode.Accepted) : null);
        await Step.Until("the rescue to be decided", TimeSpan.FromMinutes(2), async () =>
            (await play.Gateway.Get(address)).Expect(HttpStatusCode.OK) is var state && state.Find("rescuedAt") is { ValueKind: JsonValueKind.String } ? state : null);
        play.Log = (await play.Gateway.Get($"/api/seats/{play.Period}/log.txt")).Expect(HttpStatusCode.OK).Body;
        var log = SeatReplay.Parse(play.Log);
        play.Rescued = log.Count;
        var moves = preview.Find("members")!.Value.EnumerateArray().Select(line => (line.GetProperty("ticket").GetString(), line.GetProperty("event").GetString(), line.GetProperty("programme").GetString())).ToList();
        if (!moves.SequenceEqual(log.Skip((int)preview.Number("line")).Select(line => ((string?)line.Ticket, (string?)line.Event, line.Programme))))
        {
            throw new InvalidOperationException("The rescue did something else than was previewed.");
        }
        return $"{first.Count:#,0} programmes below their minimum, one kept; {moves.Count(move => move.Item2 == "rescued"):#,0} members moved, {moves.Count(move => move.Item2 == "cancelled"):#,0} left without a seat";
    }

    /// <summary>I12: right after the rescue; who gives a seat up later may leave a programme smaller.</summary>
    public static async Task<string?> NoProgrammeLeftSmall(Play play)
    {
        var replay = new SeatReplay(play.Programmes, play.Results, play.Applications);
        if (replay.Run(SeatReplay.Parse(play.Log)[..play.Rescued]) is { } wrong)
        {
            return wrong;
        }
        var kept = (await play.Gateway.Get($"/api/seats/{play.Period}/rescue")).Expect(HttpStatusCode.OK).Find("kept")!.Value.EnumerateArray()
            .Select(programme => programme.GetProperty("programme").GetString()).ToHashSet();
        return play.Programmes.Where(programme => replay.Members[programme.Code].Count is > 0 and var members && members < programme.Minimum && !kept.Contains(programme.Code))
            .Select(programme => $"{programme.Code} has {replay.Members[programme.Code].Count} members and nobody kept it").FirstOrDefault();
    }
}
