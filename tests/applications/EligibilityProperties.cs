using CsCheck;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Applications.Tests;

/// <summary>What holds for any teacher, catalogue and list.</summary>
public class EligibilityProperties
{
    static readonly Gen<string> Nomos = OneOf("GR-01", "GR-94", "EXT");
    static readonly Gen<string> Cluster = OneOf("B2.1", "B2.3", "B2.13");

    static readonly Gen<Programme> Programme =
        from number in Gen.Int[1, 12]
        from cluster in Cluster
        from iia in Gen.Bool
        from nomoi in Nomos.Array[1, 2]
        select EligibilityTable.Programme($"P{number}", cluster, iia ? "IIa" : "IIb", nomoi);

    static readonly Gen<(Candidate Who, Dictionary<string, Programme> Catalogue, string[] List, Policy Policy)> Case =
        from programmes in Programme.Array[0, 12]
        from list in Gen.Int[1, 13].Select(number => $"P{number}").Array[0, 8]
        from cluster in Cluster
        from main in Gen.OneOf(Cluster.Select(one => (string?)one), Gen.Const((string?)null))
        from nomoi in Nomos.Array[0, 3]
        from flags in Gen.Bool.Array[5]
        from iiaFirst in Gen.Bool
        from iiaRequired in Gen.Bool
        from most in Gen.Int[0, 4]
        select (new Candidate("1", cluster, cluster == "B2.13" ? main : null, nomoi, flags[0], flags[1], flags[2] && flags[3], flags[3] && flags[4], flags[4] && flags[0]),
            programmes.DistinctBy(programme => programme.Code).ToDictionary(programme => programme.Code), list,
            new Policy { IiaFirst = iiaFirst, IiaRequired = iiaRequired, MaxChoices = most });

    static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    static IReadOnlyList<Refusal> Of(Candidate who, Dictionary<string, Programme> catalogue, string[] list, Policy policy) =>
        Eligibility.OfApplication(who, true, Eligibility.ClusterOf(who, null, list, catalogue), list, catalogue, policy);

    [Fact]
    public void An_accepted_list_keeps_every_rule() => Case.Sample(one =>
    {
        var (who, catalogue, list, policy) = one;
        if (Of(who, catalogue, list, policy).Count > 0)
        {
            return;
        }
        var listed = list.Select(code => catalogue[code]).ToArray();
        Assert.NotEmpty(listed);
        Assert.Equal(list.Length, list.Distinct().Count());
        Assert.Contains(Assert.Single(listed.Select(programme => programme.Cluster).Distinct()), who.Clusters); // R11
        Assert.All(listed.Where(programme => programme.Category == "IIa"), programme => Assert.Contains(who.Nomoi, nomos => nomos != "EXT" && programme.Nomoi.Contains(nomos))); // R5, I3
        Assert.True(who is { TeachingNow: true, B1Certified: true, PriorBLevel: false, PriorPake: false, PriorB2: false });
        Assert.True(!policy.IiaFirst || listed.SkipWhile(programme => programme.Category == "IIa").All(programme => programme.Category == "IIb")); // R13
        Assert.True(policy.MaxChoices == 0 || list.Length <= policy.MaxChoices);
    }, iter: 20_000);

    [Fact]
    public void A_list_of_one_is_accepted_exactly_when_the_option_says_allowed() => Case.Sample(one =>
    {
        var (who, catalogue, _, policy) = one;
        foreach (var programme in catalogue.Values.Where(programme => who.Clusters.Contains(programme.Cluster)))
        {
            var allowed = !Eligibility.OfTeacher(who, policy).Any() && Eligibility.OfProgramme(who, programme.Cluster, programme) is null;
            Assert.Equal(allowed, Of(who, catalogue, [programme.Code], policy with { IiaRequired = false }).Count == 0); // R12: told before, and again on submission
        }
    });

    [Fact]
    public void One_more_school_takes_no_programme_away() => Case.Sample(one =>
    {
        var (who, catalogue, list, policy) = one;
        var open = policy with { IiaRequired = false };
        if (Of(who, catalogue, list, open).Count == 0)
        {
            Assert.Empty(Of(who with { Nomoi = [.. who.Nomoi, "GR-94", "EXT"] }, catalogue, list, open));
        }
    });
}
