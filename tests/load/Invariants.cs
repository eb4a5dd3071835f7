using System.Net;
using System.Text.Json;

namespace EPimorfosi.Load;

/// <summary>An invariant of the domain as this run found it.</summary>
/// <param name="Fault">Null if it holds.</param>
/// <param name="How">How it was checked.</param>
public sealed record Finding(string Invariant, string What, string? Fault, string How);

/// <summary>I1-I13, each through public interfaces only.</summary>
public sealed class Invariants
{
    readonly Play play;
    readonly SeatReplay replay;
    readonly List<LogLine> log;
    readonly string? replayFault;
    readonly Dictionary<string, ListedProgramme> programmes;
    readonly Dictionary<string, string[]> lists;
    readonly Dictionary<string, Player> byTicket;

    Invariants(Play play)
    {
        this.play = play;
        log = SeatReplay.Parse(play.Log);
        replay = new(play.Programmes, play.Results, play.Applications);
        replayFault = replay.Run(log);
        programmes = play.Programmes.ToDictionary(programme => programme.Code);
        lists = play.Applications.ToDictionary(application => application.Ticket, application => application.Choices);
        byTicket = play.Players.Where(player => player.Ticket is not null).GroupBy(player => player.Ticket!).ToDictionary(same => same.Key, same => same.First());
    }

    public static async Task<List<Finding>> Check(Play play)
    {
        var check = new Invariants(play);
        return
        [
            new("I1", "one place per teacher and period", check.OnePlace(), "tickets in results.txt, and members after the replayed log, counted"),
            new("I2", "members never above maximum", await check.NeverAboveMaximum(), "results.txt; every line of the replay; GET /api/seats equal to the replay"),
            new("I3", "IIa members are local", check.Local(), "nomoi in programmes.txt against the teachers' schools; every GET options against R5"),
            new("I4", "nobody placed off their list in phase A", check.OnTheirList(), "results.txt against applications.txt"),
            new("I5", "no runner-up where a seat is free", check.NoRunnerUpBesideFreeSeat(), "results.txt against applications.txt"),
            new("I6", "no envy against a better key", check.NoEnvy(), "keys recomputed from the seed, every listed seat compared"),
            new("I7", "submission order does not matter in phase A", check.OrderOfSubmission(), "drawn again from the list in five shuffled orders"),
            new("I8", "commit order is all that matters in phase B", check.CommitOrder(), "log replayed by sequence; every acknowledged claim found under its number"),
            new("I9", "a ticket survives edits", check.TicketsKept(), "tickets compared over all versions, withdrawals, claims"),
            new("I10", "same bundle, same bytes", await check.SameBytes(), "bundle fetched twice and file by file; digests recomputed (other systems: tools/verify-draw)"),
            new("I11", "independent verifiers agree", check.SecondDrawAgrees(), "second implementation from the bundle alone, results.txt byte for byte"),
            new("I12", "no programme with 1..min-1 members", await SeatRescue.NoProgrammeLeftSmall(play), "log replayed up to the rescue; programmes kept by the office apart"),
            new("I13", "one outcome each, and it reached the recipient", await check.OneOutcomeEach(), "acknowledged lists, without the struck one, = frozen lists = results; claims = log; office's count sent = catcher's per address = owed"),
        ];
    }

    string? OnePlace() =>
        play.Results.CountBy(line => line.Ticket).FirstOrDefault(one => one.Value > 1) is { Key: { } twice } ? $"{twice} is in results.txt twice"
        : replay.Members.Values.SelectMany(members => members).CountBy(ticket => ticket).FirstOrDefault(one => one.Value > 1) is { Key: { } seated } ? $"{seated} has two seats"
        : play.Players.Select(player => player.Ticket).OfType<string>().CountBy(ticket => ticket).FirstOrDefault(one => one.Value > 1) is { Key: { } shared } ? $"{shared} is the ticket of two teachers"
        : null;

    async Task<string?> NeverAboveMaximum()
    {
        var over = play.Results.Where(line => line.Rank > 0).CountBy(line => line.Programme).FirstOrDefault(one => one.Value > programmes[one.Key].Maximum).Key;
        if (over is not null || replayFault is not null)
        {
            return over is not null ? $"{over} was overfilled by the draw" : replayFault;
        }
        var free = await PhaseB.FreeSeats(play);
        return replay.Members.FirstOrDefault(one => free.GetValueOrDefault(one.Key, -1) != replay.Free(one.Key)) is { Key: { } code }
            ? $"GET /api/seats says {free.GetValueOrDefault(code, -1)} free in {code}, the replay {replay.Free(code)}"
            : null;
    }

    string? Local()
    {
        var drawn = play.Results.Where(line => line.Rank > 0).Select(line => (line.Ticket, line.Programme));
        var now = replay.Members.SelectMany(one => one.Value.Select(ticket => (Ticket: ticket, Programme: one.Key)));
        return drawn.Concat(now).Where(seat => programmes[seat.Programme].Category == "IIa")
            .Where(seat => !byTicket[seat.Ticket].Teacher.Schools.Any(school => programmes[seat.Programme].Nomoi.Contains(school.Nomos)))
            .Select(seat => $"{seat.Ticket} is not local to {seat.Programme}").FirstOrDefault();
    }

    string? OnTheirList() => play.Results.Where(line => line.Rank > 0 && lists[line.Ticket].ElementAtOrDefault(line.Rank - 1) != line.Programme)
        .Select(line => $"{line.Ticket} got {line.Programme}, which is not its choice {line.Rank}").FirstOrDefault();

    /// <summary>What a ticket listed above what it got.</summary>
    IEnumerable<string> Wanted(Placement line) => lists[line.Ticket].Take(line.Rank > 0 ? line.Rank - 1 : int.MaxValue);

    string? NoRunnerUpBesideFreeSeat()
    {
        var members = play.Results.Where(line => line.Rank > 0).CountBy(line => line.Programme).ToDictionary();
        return play.Results.SelectMany(line => Wanted(line).Select(code => (line.Ticket, code)))
            .Where(wish => members.GetValueOrDefault(wish.code) < programmes[wish.code].Maximum)
            .Select(wish => $"{wish.code} had a free seat that {wish.Ticket} wanted").FirstOrDefault();
    }

    string? NoEnvy()
    {
        var seed = Seed();
        var key = play.Results.ToDictionary(line => line.Ticket, line => SecondDraw.Key(seed, line.Ticket));
        var worst = play.Results.Where(line => line.Rank > 0).GroupBy(line => line.Programme)
            .ToDictionary(members => members.Key, members => members.Select(member => key[member.Ticket]).Max(StringComparer.Ordinal)!);
        return play.Results.SelectMany(line => Wanted(line).Select(code => (line.Ticket, code)))
            .Where(wish => string.CompareOrdinal(worst.GetValueOrDefault(wish.code), key[wish.Ticket]) > 0)
            .Select(wish => $"{wish.Ticket} has a better key than a member of {wish.code}").FirstOrDefault();
    }

    string? OrderOfSubmission()
    {
        var random = new Random(play.Options.Seed);
        return Enumerable.Range(1, 5).Any(_ => SecondDraw.Write(play.Period, SecondDraw.Run(play.Applications.OrderBy(_ => random.Next()), play.Programmes, Seed())) != play.Bundle.Results)
            ? "another order of submission gives another result"
            : null;
    }

    string? CommitOrder()
    {
        if (replayFault is not null)
        {
            return replayFault;
        }
        var outcomes = log.Where(line => line.IsOutcome).ToDictionary(line => line.Sequence!.Value);
        return play.Players.SelectMany(player => player.Claims.Select(claim => (player.Ticket, claim)))
            .Where(one => outcomes.GetValueOrDefault(one.claim.Sequence) is not { } line || !line.Choices.SequenceEqual(one.claim.List)
                || one.Ticket is not null && line.Ticket != one.Ticket
                || one.claim.Outcome is not null && (line.Event, line.Programme) != (one.claim.Outcome, one.claim.Programme))
            .Select(one => $"claim {one.claim.Sequence} as acknowledged is not in the log").FirstOrDefault();
    }

    /// <summary>R28: whoever answered had that seat, by the draw or by the log.</summary>
    string? AnswersToOwnSeats()
    {
        var had = play.Results.Select(line => (line.Ticket, (string?)line.Programme)).Concat(log.Select(line => (line.Ticket, line.Programme))).ToHashSet();
        return play.Players.Where(player => player.Answered is not null && !had.Contains((player.Ticket!, player.Answered)))
            .Select(player => $"{player.Ticket} answered for {player.Answered}, which it never had").FirstOrDefault();
    }

    string? TicketsKept() => play.Players.FirstOrDefault(player => player.TicketFault is not null)?.TicketFault;

    async Task<string?> SameBytes()
    {
        var first = (await play.Gateway.Get($"{DrawDay.Path(play)}/bundle.zip")).Expect(HttpStatusCode.OK).Bytes;
        var second = (await play.Gateway.Get($"{DrawDay.Path(play)}/bundle.zip")).Expect(HttpStatusCode.OK).Bytes;
        if (!first.SequenceEqual(second) || DrawDay.Unzip(first) != play.Bundle)
        {
            return "two downloads of bundle.zip differ";
        }
        foreach (var (name, text) in DrawDay.Files(play.Bundle))
        {
            if ((await play.Gateway.Get($"{DrawDay.Path(play)}/{name}")).Expect(HttpStatusCode.OK).Body != text)
            {
                return $"{name} differs from the one in bundle.zip";
            }
        }
        var status = (await play.Gateway.Get(DrawDay.Path(play))).Expect(HttpStatusCode.OK);
        return (Published("applicationsSha256"), Published("programmesSha256")) != (SecondDraw.Digest(play.Bundle.Applications), SecondDraw.Digest(play.Bundle.Programmes))
            || (status.Text("applicationsSha256"), status.Text("programmesSha256")) != (Published("applicationsSha256"), Published("programmesSha256"))
            ? "the published digests are not those of the lists"
            : null;
    }

    string? SecondDrawAgrees() => SecondDraw.Run(play.Bundle) is var mine && mine != play.Bundle.Results
        ? mine.Contains('\n', StringComparison.Ordinal) ? "the second implementation gives other results" : mine
        : SecondDraw.Custodians(play.Bundle.DrawJson);

    async Task<string?> OneOutcomeEach()
    {
        var standing = play.Players.Where(player => player is { List: not null, Struck: false }).ToDictionary(player => player.Ticket!, player => player.List!);
        if (standing.Count != lists.Count || standing.FirstOrDefault(one => !one.Value.SequenceEqual(lists.GetValueOrDefault(one.Key, []))) is { Key: not null })
        {
            return $"{standing.Count} acknowledged applications, {lists.Count} in the frozen list, or not the same";
        }
        if (!play.Results.Select(line => line.Ticket).ToHashSet().SetEquals(lists.Keys))
        {
            return "results.txt does not have each application once";
        }
        var (claims, decided) = (play.Players.Sum(player => player.Claims.Count), log.Count(line => line.IsOutcome));
        if (claims != decided)
        {
            return $"{claims} acknowledged claims, {decided} outcomes in the log";
        }
        if (AnswersToOwnSeats() is { } strange)
        {
            return strange;
        }
        var (arrived, owed) = (await play.Mailbox.CountByAddress(play.MailBefore), Aftermath.Owed(play));
        if (play.Messages.Where(count => count.State == "Sent").Sum(count => count.Count) != owed.Values.Sum())
        {
            return $"{owed.Values.Sum()} messages owed, but the office sees {string.Join(", ", play.Messages.GroupBy(count => count.State).Select(state => $"{state.Sum(count => count.Count)} {state.Key}"))}";
        }
        var wrong = owed.Where(one => arrived.GetValueOrDefault(one.Key) != one.Value).ToList();
        return wrong.Count > 0 ? $"{wrong.Count} recipients without exactly their messages, such as {wrong[0].Key}: {arrived.GetValueOrDefault(wrong[0].Key)} of {wrong[0].Value}" : null;
    }

    byte[] Seed() => Convert.FromHexString(Published("seed"));

    string Published(string name) => JsonDocument.Parse(play.Bundle.DrawJson).RootElement.GetProperty(name).GetString()!;
}
