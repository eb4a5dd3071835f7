using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using EPimorfosi.Allocation.Seats;

namespace EPimorfosi.Verify.Tests;

/// <summary>Phase B's log: what the rules do not give is found, even with a sound chain of hashes (R23-R27).</summary>
public sealed class LogTests(Verifiers verifiers) : IClassFixture<Verifiers>
{
    [Fact]
    public void The_random_phases_B_have_every_kind_of_event()
    {
        var kinds = new HashSet<string>();
        Instances.PhasesB.Sample(phase => kinds.UnionWith(Events(phase.Log).Select(e => e.Event)), iter: 400, threads: 1);
        Assert.Superset(new HashSet<string> { "placed", "waiting", "refused", "released", "offered", "accepted", "declined", "expired", "promoted", "rescued", "cancelled", "overridden" }, kinds);
    }

    [Fact]
    public void A_line_left_out_or_turned_into_another_outcome_is_found_though_all_hashes_fit() => Instances.PhasesB.Where(phase => Events(phase.Log).Length > 4).Select(Gen.Int[0, int.MaxValue]).Sample((phase, at) =>
    {
        var files = phase.Draw.Files();
        var options = new JsonObject { ["scope"] = phase.Scope, ["upgrade"] = phase.Upgrade };
        var events = Events(phase.Log);
        at %= events.Length;
        var changed = events[at].Event switch
        {
            "placed" => events[at] with { Event = "waiting", Programme = null },
            "waiting" or "refused" => events[at] with { Event = "placed", Programme = phase.Draw.Programmes[0].Code },
            "released" => events[at] with { Programme = events[at].Programme is null ? phase.Draw.Programmes[0].Code : null },
            _ => events[at] with { Ticket = "0000000000000000" },
        };
        var verdict = Of([.. events[..at], changed, .. events[(at + 1)..]]);
        Assert.Equal($"log.txt:{at + 2}", verdict.Place);
        _ = Of([.. events[..at], .. events[(at + 1)..]]); // it may change nothing, but both say the same

        Verdict Of(SeatEvent[] log) => verifiers.Both(new Dictionary<string, byte[]>(files) { ["log.txt"] = Encoding.UTF8.GetBytes(PhaseB.Text(log)) }, options);
    }, iter: 300, threads: 1);

    [Fact]
    public void An_event_of_a_kind_not_known_is_named_and_its_chain_is_checked_first() => Instances.QuickDraws.Sample(draw =>
    {
        var files = draw.Files();
        var log = PhaseB.Text([new(null, null, "0000000000000000", "exchanged", "P-0", [])]);
        files["log.txt"] = Encoding.UTF8.GetBytes(log);
        var verdict = verifiers.Both(files);
        Assert.Equal(("log.txt:2", "logEvent", "exchanged"), (verdict.Place, verdict.Answer["key"]!.GetValue<string>(), verdict.Answer["word"]!.GetValue<string>()));
        files["log.txt"] = Encoding.UTF8.GetBytes(log.Replace("|P-0|", "|P-1|", StringComparison.Ordinal));
        Assert.Equal("logChain", verifiers.Both(files).Answer["key"]!.GetValue<string>());
    }, iter: 3, threads: 1);

    [Fact]
    public void A_log_cut_short_before_a_decision_that_must_follow_is_found() => Instances.PhasesB
        .Where(phase => Events(phase.Log).Any(e => e.Event is "offered" or "promoted")).Sample(phase =>
    {
        var files = phase.Draw.Files();
        var events = Events(phase.Log);
        var last = Array.FindLastIndex(events, e => e.Event is "offered" or "promoted");
        files["log.txt"] = Encoding.UTF8.GetBytes(PhaseB.Text(events[..last]));
        var verdict = verifiers.Both(files, new() { ["scope"] = phase.Scope, ["upgrade"] = phase.Upgrade });
        Assert.Equal(($"log.txt:{last + 2}", "logEnd"), (verdict.Place, verdict.Answer["key"]!.GetValue<string>()));
    }, iter: 60, threads: 1);

    static SeatEvent[] Events(string log) => [.. log[..^1].Split('\n')[1..].Select(line => line.Split('|')).Select(parts => new SeatEvent(
        null, parts[1] == "-" ? null : long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[2], parts[3], parts[4] == "-" ? null : parts[4], parts[5] == "-" ? [] : parts[5].Split(',')))];
}
