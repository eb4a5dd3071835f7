using System.Text;
using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Programmes;
using SeatReplay = EPimorfosi.Load.SeatReplay;

namespace EPimorfosi.Verify.Tests;

/// <summary>The rescue in the claim log (R27), written by hand from the rule: a right one passes every checker, each wrong line is named by all.</summary>
public sealed class RescueTests(Verifiers verifiers) : IClassFixture<Verifiers>
{
    /// <summary>Everybody gets the first choice, but one of the three F: so the order of the draw changes no more than who is who.</summary>
    static readonly Published Draw = Published.Of(
        [Programme(0, 2, 2), Programme(1, 3, 4), Programme(2, 4, 6), Programme(3, 3, 3), Programme(4, 1, 5), Programme(5, 2, 2)],
        [("F1", ["P-0", "P-1"]), ("F2", ["P-0", "P-1"]), ("F3", ["P-0", "P-1"]), ("K1", ["P-3"]), ("K2", ["P-3"]), ("X", ["P-1", "P-4", "P-2"]), ("Y", ["P-2", "P-3"]), ("Z", ["P-5"])],
        Randomness.Of(["αβγ"]));

    static readonly string[] InOrder = [.. Draw.Result.Order.Select(application => Draw.Applications[application].Ticket)];
    static readonly string[] F = [.. InOrder.Where(ticket => ticket[0] == 'F')], K = [.. InOrder.Where(ticket => ticket[0] == 'K')];

    static readonly SeatEvent[] Before =
    [
        Claim(1, "NEWB", "placed", "P-2", "P-2", "P-1"),
        Claim(2, "NEWA", "placed", "P-2", "P-2", "P-1"),
        Line(F[0], "released", "P-0"),
        Line(F[2], "offered", "P-0"),
        Claim(3, "NEWD", "waiting", null, "P-0"), // the free seat is on offer
    ];

    /// <summary>P-4 is empty and says nothing; P-0 before P-5 by its code; P-1 is full enough when its turn would come; P-3 is kept.</summary>
    static readonly SeatEvent[] Right =
    [
        .. Before,
        Line(F[1], "rescued", "P-1"),
        Line(F[2], "cancelled", "P-0"), // the offer
        Line("Z", "cancelled", "P-5"),
        Line(K[0], "overridden", "P-3"),
        Line(K[1], "overridden", "P-3"),
        Line("Y", "rescued", "P-3"),
        Line("NEWB", "rescued", "P-1"),
        Line("NEWA", "cancelled", "P-2"),
        Line(F[2], "released", "P-1"),
        Line("X", "released", "P-1"), // which falls below its minimum, and stays
        Claim(4, "NEWC", "refused", null, "P-1"),
    ];

    static readonly int End = Right.Length - 3;

    [Fact]
    public void A_right_rescue_passes_and_tells_what_was_cancelled_and_what_kept()
    {
        var replay = Passes(Right);
        Assert.Equal(["P-0", "P-2", "P-4", "P-5"], replay.Cancelled.Order());
        Assert.Equal(["P-3"], replay.Kept);
        Assert.Equal(["K1", "K2", "Y"], replay.Members["P-3"].Order());

        replay = Passes(
        [
            .. Right[..8], Line(K[0], "cancelled", "P-3"), Line(K[1], "cancelled", "P-3"), // nothing is kept
            Line("Y", "cancelled", "P-2"), Line("NEWB", "rescued", "P-1"), Line("NEWA", "cancelled", "P-2"),
        ]);
        Assert.Equal(["P-0", "P-2", "P-3", "P-4", "P-5"], replay.Cancelled.Order());
        Assert.Empty(replay.Kept);

    }

    [Fact]
    public void Who_is_promoted_in_the_midst_of_it_is_passed_over_and_who_lost_the_seat_keeps_ranks_and_claim()
    {
        // A draw in which A has P-3, both B have P-0, and C is before D in P-1.
        var draw = Enumerable.Range(0, 10_000).Select(seed => Published.Of(
            [Programme(0, 1, 2), Programme(1, 5, 6), Programme(2, 1, 2), Programme(3, 1, 1), Programme(4, 2, 2), Programme(5, 1, 2)],
            [("A", ["P-3"]), ("B1", ["P-0"]), ("B2", ["P-0"]), ("C", ["P-3", "P-0", "P-1", "P-2"]), ("D", ["P-3", "P-1", "P-2"]), ("H", ["P-2"]), ("I1", ["P-4"]), ("I2", ["P-4"]), ("L1", ["P-5"]), ("L2", ["P-5"])],
            Randomness.Of([$"{seed}"]))).First(draw => draw.Result.Order.Where(application => application < 5).ToArray() is [.., 3, 4]);
        SeatEvent[] log =
        [
            Claim(1, "NEWB", "placed", "P-1", "P-1", "P-2"),
            Claim(2, "NEWB", "waiting", null, "P-0"),
            Line("B1", "released", "P-0"), Line("C", "offered", "P-0"),
            Claim(3, "NEWD", "waiting", null, "P-4", "P-5"),
            Line("I1", "released", "P-4"), new(null, 3, "NEWD", "promoted", "P-4", []),
            Line("L1", "released", "P-5"), Line("I2", "released", "P-4"),

            Line("NEWD", "rescued", "P-5"), // by the list of the claim that was promoted
            Line("C", "rescued", "P-2"), // P-0 is full by C's own offer
            Line("C", "declined", "P-0"), new(null, 2, "NEWB", "promoted", "P-0", []),
            Line("D", "cancelled", "P-1"), // and not NEWB, who is in P-0 now

            Line("A", "released", "P-3"), Line("D", "offered", "P-3"), // C's ranks have ended, D's have not
            Line("D", "accepted", "P-3"),
        ];
        Assert.Equal(["P-1", "P-4"], Passes(log, draw).Cancelled.Order());

        // Without C's offer nobody is promoted: NEWB loses the seat like D, and the claim goes on waiting.
        log =
        [
            .. log[..4], Line("C", "expired", "P-0"), new(null, 2, "NEWB", "promoted", "P-0", []),
            Claim(3, "NEWE", "placed", "P-1", "P-1"), Claim(4, "NEWE", "waiting", null, "P-0"),
            Line("C", "rescued", "P-2"), Line("D", "cancelled", "P-1"), Line("NEWE", "cancelled", "P-1"),
            Line("NEWB", "released", "P-0"), new(null, 4, "NEWE", "promoted", "P-0", []),
        ];
        Assert.Equal(["P-1"], Passes(log, draw).Cancelled.Order());
    }

    /// <summary>Every checker finds the log right; the replay that did.</summary>
    SeatReplay Passes(SeatEvent[] log, Published? draw = null)
    {
        var verdict = verifiers.Both(Files(log, draw));
        Assert.True(verdict.Ok, verdict.ToString());
        var replay = Replay.Of(draw ?? Draw);
        Assert.Null(replay.Run(SeatReplay.Parse(PhaseB.Text(log))));
        return replay;
    }

    public static TheoryData<string> Wrongs => [.. Wrong.Keys];

    static readonly Dictionary<string, (int At, SeatEvent[] Log)> Wrong = new()
    {
        ["another programme has its turn first"] = Insert(5, Line("Z", "cancelled", "P-5")),
        ["another programme is kept first"] = Insert(5, Line(K[0], "overridden", "P-3")),
        ["the offer of another programme is closed first"] = Swap(6),
        ["the later claim goes first"] = Swap(11),
        ["a claim goes before the draw"] = Swap(10),
        ["a later place in the draw goes first"] = Swap(8),
        ["the offer goes before the member"] = Swap(5),
        ["moved to a choice that is not the next"] = Change(10, line => line with { Programme = "P-1" }),
        ["moved to an empty programme"] = Change(5, line => line with { Programme = "P-4" }),
        ["moved to a full programme"] = Change(12, line => line with { Event = "rescued", Programme = "P-1" }),
        ["moved to a cancelled programme"] = Change(12, line => line with { Event = "rescued", Programme = "P-0" }),
        ["moved where the seat is"] = Change(5, line => line with { Programme = "P-0" }),
        ["left without a seat although one is free"] = Change(5, line => line with { Event = "cancelled", Programme = "P-0" }),
        ["the offer stays open"] = Leave(6),
        ["a member is passed over"] = Leave(10),
        ["a member of the kept programme is passed over"] = Leave(9),
        ["kept and then cancelled"] = Change(9, line => line with { Event = "cancelled" }),
        ["cancelled and then kept"] = Change(11, line => line with { Event = "overridden", Programme = "P-2" }),
        ["with a sequence"] = Change(11, line => line with { Sequence = 1 }),
        ["with a list"] = Change(11, line => line with { Preferences = ["P-2", "P-1"] }),
        ["a waiting claim gets the seat in the cancelled programme"] = Insert(6, new(null, 3, "NEWD", "promoted", "P-0", [])),
        ["a waiting claim gets it after the rescue"] = Insert(13, new(null, 3, "NEWD", "promoted", "P-0", [])),
        ["its offer is accepted after the rescue"] = Insert(13, Line(F[2], "accepted", "P-0")),
        ["a claim comes in the midst of it"] = Insert(11, Claim(4, "NEWC", "refused", null, "P-1")),
        ["a release comes in the midst of it"] = Insert(11, Line("X", "released", "P-1")),
        ["a claim is placed after it"] = Change(15, line => line with { Event = "placed", Programme = "P-1" }),
        ["a claim waits after it"] = Change(15, line => line with { Event = "waiting" }),
        ["a second one"] = Insert(15, Line("NEWB", "cancelled", "P-1")),
        ["another member after its end"] = Insert(13, Line("X", "cancelled", "P-1")),
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void A_wrong_line_is_named(string what)
    {
        var (at, log) = Wrong[what];
        var verdict = verifiers.Both(Files(log));
        Assert.Equal($"log.txt:{at + 2}", verdict.Place);
        Assert.Equal(verdict.Place, Replay.Place(Replay.Of(Draw).Run(SeatReplay.Parse(PhaseB.Text(log))), log.Length));
        if (at < End && log[at].Event != "overridden") // a programme that seems to be kept would have other lines
        {
            Assert.Equal(SeatLog.Body(at + 1, Right[at]), verdict.Answer["should"]!.GetValue<string>());
        }
    }

    [Fact]
    public void A_log_that_ends_within_the_rescue_is_found_to()
    {
        for (var lines = Before.Length + 1; lines < End; lines++)
        {
            var verdict = verifiers.Both(Files(Right[..lines]));
            Assert.Equal($"log.txt:{lines + 2}", verdict.Place);
            Assert.Equal("logEnd", verdict.Answer["key"]!.GetValue<string>());
            Assert.Equal(verdict.Place, Replay.Place(Replay.Of(Draw).Run(SeatReplay.Parse(PhaseB.Text(Right[..lines]))), lines));
        }
        Assert.True(verifiers.Both(Files(Right[..End])).Ok);
    }

    static Dictionary<string, byte[]> Files(SeatEvent[] log, Published? draw = null) => new((draw ?? Draw).Files()) { ["log.txt"] = Encoding.UTF8.GetBytes(PhaseB.Text(log)) };

    static (int, SeatEvent[]) Insert(int at, SeatEvent line) => (at, [.. Right[..at], line, .. Right[at..]]);

    static (int, SeatEvent[]) Leave(int at) => (at, [.. Right[..at], .. Right[(at + 1)..]]);

    static (int, SeatEvent[]) Swap(int at) => (at, [.. Right[..at], Right[at + 1], Right[at], .. Right[(at + 2)..]]);

    static (int, SeatEvent[]) Change(int at, Func<SeatEvent, SeatEvent> change) => (at, [.. Right[..at], change(Right[at]), .. Right[(at + 1)..]]);

    static SeatEvent Line(string ticket, string @event, string programme) => new(null, null, ticket, @event, programme, []);

    static SeatEvent Claim(long sequence, string ticket, string @event, string? programme, params string[] list) => new(null, sequence, ticket, @event, programme, list);

    static Programme Programme(int number, int minimum, int maximum) =>
        new($"P-{number}", 1, "B2.4", "IIb", "τίτλος", "C", "C", "GR-01", [], minimum, maximum, null, []);
}

/// <summary>The third opinion on a claim log: the load test's.</summary>
static class Replay
{
    public static SeatReplay Of(Published draw)
    {
        var files = draw.Files();
        return new(Load.SecondDraw.Programmes(Text("programmes.txt")), Load.SecondDraw.Results(Text("results.txt")), Load.SecondDraw.Applications(Text("applications.txt")));

        string Text(string name) => Encoding.UTF8.GetString(files[name]);
    }

    /// <summary>Where it says the fault is, in the words of the verifiers.</summary>
    public static string Place(string? fault, int lines) => fault is null ? "OK"
        : fault.StartsWith("the log ends ", StringComparison.Ordinal) ? $"log.txt:{lines + 2}"
        : $"log.txt:{int.Parse(fault.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) + 1}";
}
