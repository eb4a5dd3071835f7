using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Applications;

/// <summary>What eligibility asks about a teacher.</summary>
/// <param name="Cluster">R1: of the specialty; null while the specialty is unknown.</param>
/// <param name="MainCluster">R11: for special education, that of the main specialty; else null.</param>
/// <param name="Nomoi">Of the seats of all their schools; <c>EXT</c> for a school abroad.</param>
public record Candidate(
    string RegistryNumber, string? Cluster, string? MainCluster, IReadOnlyList<string> Nomoi,
    bool TeachingNow, bool B1Certified, bool PriorBLevel, bool PriorPake, bool PriorB2)
{
    public const string Abroad = "EXT";

    /// <summary>R11: the clusters they may choose from, the specialty's own first.</summary>
    public IEnumerable<string> Clusters => new[] { Cluster, MainCluster }.OfType<string>().Distinct();
}

/// <summary>One refusal: the rule, why, and the programme where it is about one (R12).</summary>
public record Refusal(string Rule, Reason Reason, string? Programme = null);

/// <summary>Why; each has its text in both languages under <c>Refusal.{name}</c>.</summary>
public enum Reason
{
    NotTeaching, NotDeclared, NoB1, PriorBLevel, PriorPake, PriorB2, NoCluster,
    ClusterNotYours, OtherCluster, NotLocal, SchoolAbroad, NoSchool,
    EmptyList, UnknownProgramme, TwiceOnTheList, IiaAfterIib, IiaMissing, TooMany, NotBelowMinimum,
}

/// <summary>Who may apply for what (R5, R7-R13). Pure: everything it needs is in its arguments.</summary>
public static class Eligibility
{
    public const string Iia = "IIa";

    /// <summary>What keeps the teacher out of every programme (R8-R11).</summary>
    public static IEnumerable<Refusal> OfTeacher(Candidate who, Policy policy)
    {
        if (!who.TeachingNow)
        {
            yield return new("R8", Reason.NotTeaching);
        }
        if (!who.B1Certified)
        {
            yield return new("R9", Reason.NoB1);
        }
        if (who.PriorBLevel)
        {
            yield return new("R10", Reason.PriorBLevel);
        }
        if (who.PriorPake)
        {
            yield return new("R10", Reason.PriorPake);
        }
        if (who.PriorB2 && policy.ExcludePriorB2)
        {
            yield return new("R10", Reason.PriorB2);
        }
        if (who.Cluster is null)
        {
            yield return new("R11", Reason.NoCluster);
        }
    }

    /// <summary>Whether this teacher, applying in this cluster, may list the programme (R5, R11); null if so.</summary>
    public static Refusal? OfProgramme(Candidate who, string cluster, Programme programme) =>
        programme.Cluster != cluster ? new("R11", Reason.OtherCluster, programme.Code)
        : programme.Category != Iia || IsLocal(who, programme) ? null
        : new("R5", who.Nomoi.Count == 0 ? Reason.NoSchool : who.Nomoi.All(nomos => nomos == Candidate.Abroad) ? Reason.SchoolAbroad : Reason.NotLocal, programme.Code);

    /// <summary>R5: a teacher of several schools is local to each; one abroad is local nowhere, even if a programme were widened to it.</summary>
    static bool IsLocal(Candidate who, Programme programme) =>
        who.Nomoi.Any(nomos => nomos != Candidate.Abroad && programme.Nomoi.Contains(nomos));

    /// <summary>R11: the one cluster of an application: as chosen, else that of the first listed programme which is theirs, else the specialty's.</summary>
    public static string? ClusterOf(Candidate who, string? chosen, IReadOnlyList<string> list, IReadOnlyDictionary<string, Programme> catalogue) =>
        chosen ?? list.Select(code => catalogue.GetValueOrDefault(code)?.Cluster).FirstOrDefault(cluster => who.Clusters.Contains(cluster)) ?? who.Cluster;

    /// <summary>Every fault of a ranked list of phase A, in the order of the rules and of the list.</summary>
    public static IReadOnlyList<Refusal> OfApplication(
        Candidate who, bool declaredTeaching, string? cluster, IReadOnlyList<string> list, IReadOnlyDictionary<string, Programme> catalogue, Policy policy)
    {
        var refusals = OfTeacher(who, policy).Concat(OfEntries(who, cluster, list, catalogue)).ToList();
        if (!declaredTeaching)
        {
            refusals.Insert(0, new("R8", Reason.NotDeclared));
        }
        if (policy.MaxChoices > 0 && list.Count > policy.MaxChoices)
        {
            refusals.Add(new("R13", Reason.TooMany));
        }
        var known = list.Select(code => catalogue.GetValueOrDefault(code)).OfType<Programme>().ToList();
        if (policy.IiaFirst)
        {
            refusals.AddRange(known.SkipWhile(programme => programme.Category == Iia).Where(programme => programme.Category == Iia)
                .Select(programme => new Refusal("R13", Reason.IiaAfterIib, programme.Code)));
        }
        if (policy.IiaRequired && cluster is not null && known.TrueForAll(programme => programme.Category != Iia)
            && catalogue.Values.Any(programme => programme.Category == Iia && OfProgramme(who, cluster, programme) is null))
        {
            refusals.Add(new("R13", Reason.IiaMissing));
        }
        return refusals;
    }

    /// <summary>Every fault of a phase-B claim (R21, R22). R13's order of categories binds the lists of phase A only.</summary>
    /// <param name="belowMinimum">The programmes that came to phase B below their minimum (R20).</param>
    public static IReadOnlyList<Refusal> OfClaim(
        Candidate who, string? cluster, IReadOnlyList<string> list, IReadOnlyDictionary<string, Programme> catalogue, Policy policy, IReadOnlyCollection<string> belowMinimum)
    {
        var refusals = OfTeacher(who, policy).Concat(OfEntries(who, cluster, list, catalogue));
        return policy.PhaseBScope == "BelowMinimum"
            ? [.. refusals, .. list.Where(code => catalogue.ContainsKey(code) && !belowMinimum.Contains(code)).Select(code => new Refusal("R22", Reason.NotBelowMinimum, code))]
            : [.. refusals];
    }

    static IEnumerable<Refusal> OfEntries(Candidate who, string? cluster, IReadOnlyList<string> list, IReadOnlyDictionary<string, Programme> catalogue)
    {
        if (cluster is not null && who.Cluster is not null && !who.Clusters.Contains(cluster))
        {
            yield return new("R11", Reason.ClusterNotYours);
        }
        if (list.Count == 0)
        {
            yield return new("R13", Reason.EmptyList);
        }
        var seen = new HashSet<string>(list.Count);
        foreach (var code in list)
        {
            if (!seen.Add(code))
            {
                yield return new("R13", Reason.TwiceOnTheList, code);
            }
            else if (!catalogue.TryGetValue(code, out var programme))
            {
                yield return new("R7", Reason.UnknownProgramme, code);
            }
            else if (cluster is not null && OfProgramme(who, cluster, programme) is { } refusal)
            {
                yield return refusal;
            }
        }
    }
}
