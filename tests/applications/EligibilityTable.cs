using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Applications.Tests;

/// <summary>Rule by rule: who is refused what, and why.</summary>
public class EligibilityTable
{
    internal static readonly Candidate Philologist = new("1", "B2.1", null, ["GR-01"], TeachingNow: true, B1Certified: true, PriorBLevel: false, PriorPake: false, PriorB2: false);
    static readonly Policy Policy = new();

    internal static Programme Programme(string code, string cluster = "B2.1", string category = "IIa", params string[] nomoi) => new(
        code, 1, cluster, category, code, "9010001", "1ο Γυμνάσιο", "GR-01", category == "IIb" ? [] : nomoi.Length > 0 ? nomoi : ["GR-01"], 10, 15, null, []);

    static readonly Dictionary<string, Programme> Catalogue = new[]
    {
        Programme("A1"), Programme("A2"), Programme("FAR", nomoi: "GR-94"), Programme("WIDE", nomoi: ["GR-94", "GR-01"]), Programme("EXTRA", nomoi: ["GR-94", "EXT"]),
        Programme("B1", category: "IIb"), Programme("B2", category: "IIb"), Programme("MATH", "B2.3"), Programme("SPEC", "B2.13"),
    }.ToDictionary(programme => programme.Code);

    static string[] Of(Candidate who, string list, Policy? policy = null, bool declared = true, string? cluster = null)
    {
        string[] codes = list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. Eligibility.OfApplication(who, declared, Eligibility.ClusterOf(who, cluster, codes, Catalogue), codes, Catalogue, policy ?? Policy)
            .Select(refusal => $"{refusal.Rule} {refusal.Reason} {refusal.Programme}".TrimEnd())];
    }

    [Theory]
    [InlineData("A1")]
    [InlineData("A2 A1 WIDE B2 B1")]
    [InlineData("B1")] // R13: they may leave IIa out
    public void A_right_list_is_accepted(string list) => Assert.Empty(Of(Philologist, list));

    [Theory]
    [InlineData("", "R13 EmptyList")]
    [InlineData("A1 NONE", "R7 UnknownProgramme NONE")]
    [InlineData("A1 B1 A1", "R13 TwiceOnTheList A1", "R13 IiaAfterIib A1")]
    [InlineData("B1 A1 B2 A2", "R13 IiaAfterIib A1", "R13 IiaAfterIib A2")]
    [InlineData("A1 FAR", "R5 NotLocal FAR")]
    [InlineData("A1 MATH", "R11 OtherCluster MATH")]
    [InlineData("B1 FAR NONE MATH", "R5 NotLocal FAR", "R7 UnknownProgramme NONE", "R11 OtherCluster MATH", "R13 IiaAfterIib FAR", "R13 IiaAfterIib MATH")]
    public void Every_fault_of_a_list_is_named(string list, params string[] faults) => Assert.Equal(faults, Of(Philologist, list));

    [Fact]
    public void R8_who_does_not_teach_or_does_not_say_so_is_refused()
    {
        Assert.Equal(["R8 NotTeaching"], Of(Philologist with { TeachingNow = false }, "A1"));
        Assert.Equal(["R8 NotDeclared"], Of(Philologist, "A1", declared: false));
    }

    [Fact]
    public void R9_the_B1_certificate_is_asked_for() => Assert.Equal(["R9 NoB1"], Of(Philologist with { B1Certified = false }, "A1"));

    [Fact]
    public void R10_earlier_training_excludes_and_B2_by_the_policy()
    {
        Assert.Equal(["R10 PriorBLevel", "R10 PriorPake", "R10 PriorB2"], Of(Philologist with { PriorBLevel = true, PriorPake = true, PriorB2 = true }, "A1"));
        Assert.Empty(Of(Philologist with { PriorB2 = true }, "A1", Policy with { ExcludePriorB2 = false }));
    }

    [Fact]
    public void R11_special_education_chooses_one_cluster_of_two()
    {
        var special = Philologist with { Cluster = "B2.13", MainCluster = "B2.1" };
        Assert.Empty(Of(special, "SPEC"));
        Assert.Empty(Of(special, "A1 B1"));
        Assert.Equal(["R11 OtherCluster SPEC"], Of(special, "A1 SPEC"));
        Assert.Equal(["R11 OtherCluster A1"], Of(special, "A1 SPEC", cluster: "B2.13"));
        Assert.Equal(["R11 ClusterNotYours", "R11 OtherCluster A1"], Of(special, "A1", cluster: "B2.3"));
        Assert.Equal(["R11 OtherCluster A1"], Of(special with { MainCluster = null }, "A1"));
    }

    [Fact]
    public void R11_who_has_one_cluster_cannot_choose_another() => Assert.Equal(["R11 ClusterNotYours"], Of(Philologist, "MATH", cluster: "B2.3"));

    [Fact]
    public void R11_a_specialty_of_no_cluster_is_refused() => Assert.Contains("R11 NoCluster", Of(Philologist with { Cluster = null }, "A1"));

    [Fact]
    public void R5_a_teacher_of_several_schools_is_local_to_each()
    {
        Assert.Empty(Of(Philologist with { Nomoi = ["GR-01", "GR-94"] }, "A1 FAR"));
        Assert.Empty(Of(Philologist with { Nomoi = ["EXT", "GR-94"] }, "FAR"));
    }

    [Fact]
    public void R5_a_school_abroad_gives_IIb_only()
    {
        var abroad = Philologist with { Nomoi = ["EXT"] };
        Assert.Equal(["R5 SchoolAbroad EXTRA"], Of(abroad, "EXTRA"));
        Assert.Empty(Of(abroad, "B1"));
        Assert.Equal(["R5 NoSchool A1"], Of(Philologist with { Nomoi = [] }, "A1"));
    }

    [Fact]
    public void R13_the_policy_decides_on_order_length_and_IIa()
    {
        Assert.Empty(Of(Philologist, "B1 A1", Policy with { IiaFirst = false }));
        Assert.Equal(["R13 TooMany"], Of(Philologist, "A1 A2 B1", Policy with { MaxChoices = 2 }));
        Assert.Equal(["R13 IiaMissing"], Of(Philologist, "B1", Policy with { IiaRequired = true }));
        Assert.Empty(Of(Philologist, "A1", Policy with { IiaRequired = true }));
        Assert.Empty(Of(Philologist with { Nomoi = ["EXT"] }, "B1", Policy with { IiaRequired = true })); // has no IIa option
    }

    [Fact]
    public void R22_phase_B_may_be_limited_to_programmes_below_their_minimum()
    {
        string[] list = ["B1", "A1"]; // R13's order is of phase A
        Assert.Empty(Eligibility.OfClaim(Philologist, "B2.1", list, Catalogue, Policy, []));
        Assert.Equal([new Refusal("R22", Reason.NotBelowMinimum, "A1")],
            Eligibility.OfClaim(Philologist, "B2.1", list, Catalogue, Policy with { PhaseBScope = "BelowMinimum" }, ["B1"]));
    }
}
