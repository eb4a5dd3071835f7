using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Applications.Tests;

/// <summary>Whether a claim may be taken in: one thing after the other, and the first that speaks against it counts (R12, R20-R22, R27, R30).</summary>
public class JudgementTests
{
    static readonly DateTimeOffset Opens = new(2023, 1, 25, 10, 0, 0, TimeSpan.Zero), Closes = new(2023, 1, 30, 21, 59, 59, TimeSpan.Zero), Within = Opens.AddDays(1);

    static readonly Period Period = new("P", 1, new("Π", "P"), "B2", default, default, new(default, default), null, new(Opens, Closes), new(Closes, Closes), 10, 15, new());

    static readonly Catalogue Catalogue = new(
        Period, new[] { EligibilityTable.Programme("A1"), EligibilityTable.Programme("B1", category: "IIb"), EligibilityTable.Programme("FAR", nomoi: "GR-94") }.ToDictionary(programme => programme.Code), 1);

    static readonly Claimant Waiting = new(Catalogue, ["A1"], EligibilityTable.Philologist, "0123456789ABCDEF", null, 0, false);

    static Judgement Of(Claimant? claimant, DateTimeOffset at, params string[] list) => Judgement.Of(claimant, new(list, null), at);

    [Fact]
    public void A_sound_claim_has_its_window_and_nothing_against_it()
    {
        var sound = Of(Waiting, Within, "A1", "B1");
        Assert.Equal((Verdict.Sound, Period.PhaseB), (sound.Verdict, sound.Window));
        Assert.Equal(Verdict.Sound, Of(Waiting with { Ticket = null }, Within, "A1").Verdict); // R21 (iii): a new applicant
        Assert.Equal(Verdict.Sound, Of(Waiting, Closes.AddMilliseconds(999), "A1").Verdict); // R30: the whole of the last second
    }

    [Fact]
    public void What_speaks_against_it_is_told_in_this_order()
    {
        var unknown = Waiting with { Who = null, BelowMinimum = null, Rescued = true };
        Assert.Equal(Verdict.PeriodUnknown, Of(null, Within, "A1").Verdict);
        Assert.Equal(Verdict.Outside, Of(unknown, Opens.AddTicks(-1), "A1").Verdict);
        Assert.Equal(Verdict.Outside, Of(unknown, Closes.AddSeconds(1), "A1").Verdict);
        Assert.Equal(Verdict.NoResults, Of(unknown, Within, "A1").Verdict);
        Assert.Equal(Verdict.Rescued, Of(unknown with { BelowMinimum = [] }, Within, "A1").Verdict);
        Assert.Equal(Verdict.TeacherUnknown, Of(unknown with { BelowMinimum = [], Rescued = false }, Within, "A1").Verdict);
        var wrong = Of(Waiting with { Seat = "B1", Members = 10 }, Within, "FAR", "NONE");
        Assert.Equal((Verdict.NotEligible, "R5 R7"), (wrong.Verdict, string.Join(' ', wrong.Refusals!.Select(refusal => refusal.Rule))));
    }

    [Theory]
    [InlineData("A1", 9, Verdict.Sound)] // R20: it does not run as it stands, and its members may move
    [InlineData("A1", 10, Verdict.HoldsSeat)] // R21
    [InlineData("GONE", 12, Verdict.Sound)]
    public void Who_sits_in_a_programme_that_will_run_gives_the_seat_up_first(string seat, int members, Verdict verdict) =>
        Assert.Equal(verdict, Of(Waiting with { Seat = seat, Members = members }, Within, "B1").Verdict);

    [Fact]
    public void Under_the_letter_of_R22_only_programmes_below_their_minimum_are_claimed()
    {
        var letter = Waiting with { Catalogue = Catalogue with { Period = Period with { Policy = new(PhaseBScope: "BelowMinimum") } } };
        Assert.Equal(Verdict.Sound, Of(letter, Within, "A1").Verdict);
        Assert.Equal("R22", Assert.Single(Of(letter, Within, "A1", "B1").Refusals!).Rule);
    }

    [Fact]
    public void A_staggered_opening_is_each_claimants_own() // R21
    {
        var staggered = Waiting with { Catalogue = Catalogue with { Period = Period with { Policy = new(PhaseBLater: "B2.1+30") } } };
        Assert.Equal(Verdict.Outside, Of(staggered, Opens.AddMinutes(29), "A1").Verdict);
        Assert.Equal(Verdict.Sound, Of(staggered, Opens.AddMinutes(30), "A1").Verdict);
    }
}
