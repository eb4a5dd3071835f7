namespace EPimorfosi.Load;

/// <summary>What must hold after a stampede, by the public files and the answers alone.</summary>
public static class StampedeChecks
{
    public static List<Finding> Of(Play play, IReadOnlyCollection<Served> served)
    {
        var log = SeatReplay.Parse(play.Log);
        var outcomes = log.Where(line => line.IsOutcome).ToLookup(line => line.Sequence!.Value);
        var replay = new SeatReplay(play.Programmes, play.Results, play.Applications);
        return
        [
            new("I8", "decided strictly in the order of the claims", replay.Run(log), "every line of log.txt replayed over results.txt, its hash recomputed"),
            new("I13", "every acknowledged claim has exactly one outcome", OneOutcome(served, outcomes), "sequences of all answers against the log: list, outcome, programme"),
            new("R23", "the sequence has no gap and nobody else's claims", Gapless(served, outcomes), "1 to the last, each in the log once and acknowledged to somebody"),
            new("I2", "members never above maximum", play.Programmes.Where(programme => replay.Members[programme.Code].Count > programme.Maximum).Select(programme => programme.Code).FirstOrDefault(), "members after the replay"),
            new("I1", "nobody seated twice", replay.Members.Values.SelectMany(members => members).CountBy(ticket => ticket).Where(one => one.Value > 1).Select(one => one.Key).FirstOrDefault(), "tickets in all programmes after the replay"),
        ];
    }

    static string? OneOutcome(IEnumerable<Served> served, ILookup<long, LogLine> outcomes) =>
        served.Where(one => one.Sequence is not null).Select(one => outcomes[one.Sequence!.Value].ToList() switch
        {
            [var line] when !line.Choices.SequenceEqual(one.List) => $"claim {one.Sequence} has another list in the log",
            [var line] when one.Outcome is not null && (line.Event, line.Programme) != (one.Outcome, one.Programme) => $"claim {one.Sequence} was told {one.Outcome} {one.Programme}, the log has {line.Event} {line.Programme}",
            [_] => null,
            var lines => $"claim {one.Sequence} has {lines.Count} outcomes",
        }).FirstOrDefault(fault => fault is not null);

    /// <summary>Whoever had no answer asked again with the key until there was one: so there is nothing in the log that nobody was told of.</summary>
    static string? Gapless(IEnumerable<Served> served, ILookup<long, LogLine> outcomes)
    {
        var acknowledged = served.Select(one => one.Sequence).OfType<long>().ToHashSet();
        return Enumerable.Range(1, outcomes.Count).Select(number => (long)number).Where(number => !outcomes.Contains(number)).Select(number => $"claim {number} is missing in the log").FirstOrDefault()
            ?? outcomes.Where(line => !acknowledged.Contains(line.Key)).Select(line => $"claim {line.Key} was acknowledged to nobody").FirstOrDefault()
            ?? served.Where(one => one.Sequence is not null).GroupBy(one => one.Sequence).Where(same => same.Select(one => one.Player).Distinct().Count() > 1).Select(same => $"claim {same.Key} was acknowledged to two").FirstOrDefault()
            ?? served.Where(one => one.Sequence is not null).GroupBy(one => one.Player).Where(own => own.Select(one => one.Sequence).Distinct().Count() > 1).Select(own => $"one claim of {own.Key.Teacher.RegistryNumber} became two").FirstOrDefault();
    }
}
