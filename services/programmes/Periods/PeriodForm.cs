using System.Text.RegularExpressions;
using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Programmes;

/// <summary>A period as the office gives it. All may be missing, so that what is missing can be named.</summary>
public sealed record PeriodForm(
    LocalText? Title, string? Level, DateOnly? FirstDay, DateOnly? LastDay, PhaseForm? PhaseA, DateTimeOffset? DrawAt, PhaseForm? PhaseB, PhaseForm? Enrolment,
    int? GroupMinimum, int? GroupMaximum, Policy? Policy)
{
    /// <summary>R2 [S]: groups of 10 to 15, unless the office says otherwise.</summary>
    const int SmallestGroup = 10;
    const int LargestGroup = 15;

    /// <summary>Without faults only.</summary>
    public Period ToPeriod(string code) => new(code, 0, new(Title!.El.Trim(), Title.En.Trim()), Level!.Trim(), FirstDay!.Value, LastDay!.Value,
        PhaseA!.ToPhase(), DrawAt?.ToMicrosecond(), PhaseB!.ToPhase(), Enrolment!.ToPhase(), GroupMinimum ?? SmallestGroup, GroupMaximum ?? LargestGroup, Policy ?? new());

    /// <summary>Everything that is wrong, each with its field and rule.</summary>
    public IEnumerable<Fault> Faults(string code) =>
        [.. CodeFaults(code), .. TitleFaults(), .. PhaseFaults("phaseA", PhaseA), .. PhaseFaults("phaseB", PhaseB), .. PhaseFaults("enrolment", Enrolment), .. OrderFaults(), .. GroupFaults(), .. PolicyFaults(Policy ?? new())];

    static IEnumerable<Fault> CodeFaults(string code)
    {
        if (!Codes.IsCode(code))
        {
            yield return new("period", null, "Code", code);
        }
    }

    IEnumerable<Fault> TitleFaults()
    {
        if (string.IsNullOrWhiteSpace(Title?.El) || Title.El.Length > 200)
        {
            yield return new("title.el", null, "Text", 200);
        }
        if (string.IsNullOrWhiteSpace(Title?.En) || Title.En.Length > 200)
        {
            yield return new("title.en", null, "Text", 200);
        }
        if (string.IsNullOrWhiteSpace(Level) || Level.Length > 20)
        {
            yield return new("level", null, "Text", 20);
        }
        if (FirstDay is not { Year: >= 2000 and < 2200 })
        {
            yield return new("firstDay", "R28", "Day");
        }
        if (LastDay is not { Year: >= 2000 and < 2200 })
        {
            yield return new("lastDay", "R28", "Day");
        }
        if (LastDay < FirstDay)
        {
            yield return new("lastDay", "R28", "NotBefore", "firstDay");
        }
    }

    static IEnumerable<Fault> PhaseFaults(string name, PhaseForm? phase)
    {
        if (phase?.Opens is not { Year: >= 2000 and < 2200 })
        {
            yield return new($"{name}.opens", "R30", "Instant");
        }
        if (phase?.Closes is not { Year: >= 2000 and < 2200 })
        {
            yield return new($"{name}.closes", "R30", "Instant");
        }
        if (phase?.Closes < phase?.Opens)
        {
            yield return new($"{name}.closes", "R30", "NotBefore", $"{name}.opens");
        }
    }

    IEnumerable<Fault> OrderFaults()
    {
        if (DrawAt <= PhaseA?.Closes)
        {
            yield return new("drawAt", "R16", "After", "phaseA.closes");
        }
        if (PhaseB?.Opens <= PhaseA?.Closes)
        {
            yield return new("phaseB.opens", "R20", "After", "phaseA.closes");
        }
        else if (PhaseB?.Opens < DrawAt)
        {
            yield return new("phaseB.opens", "R20", "NotBefore", "drawAt");
        }
        if (Enrolment?.Opens <= PhaseA?.Closes)
        {
            yield return new("enrolment.opens", "R28", "After", "phaseA.closes");
        }
    }

    IEnumerable<Fault> GroupFaults()
    {
        if (GroupMinimum is < 1 or > Group.Most)
        {
            yield return new("groupMinimum", "R2", "Between", 1, Group.Most);
        }
        if (GroupMaximum is < 1 or > Group.Most)
        {
            yield return new("groupMaximum", "R2", "Between", 1, Group.Most);
        }
        if ((GroupMaximum ?? LargestGroup) < (GroupMinimum ?? SmallestGroup))
        {
            yield return new("groupMaximum", "R2", "NotLess", "groupMinimum");
        }
    }

    IEnumerable<Fault> PolicyFaults(Policy policy)
    {
        if (!StaggeredOpening.TryParse(policy.PhaseBLater, out var later))
        {
            yield return new("policy.phaseBLater", "R21", "Staggered", "B2.4+30 B2.5+60");
        }
        else if (later.Values.Any(minutes => PhaseB?.Opens?.AddMinutes(minutes) > PhaseB?.Closes))
        {
            yield return new("policy.phaseBLater", "R21", "NotAfter", "phaseB.closes");
        }
        if (policy.PhaseBScope is not ("AnyVacancy" or "BelowMinimum"))
        {
            yield return new("policy.phaseBScope", "R22", "OneOf", "AnyVacancy, BelowMinimum");
        }
        foreach (var (field, rule, value, least, most) in new[]
        {
            ("maxChoices", "R13", policy.MaxChoices, 0, 1000), ("offerHours", "R25", policy.OfferHours, 1, 1000),
            ("enrolmentDays", "R28", policy.EnrolmentDays, 1, 100), ("objectionHours", "R18", policy.ObjectionHours, 0, 1000),
        })
        {
            if (value < least || value > most)
            {
                yield return new($"policy.{field}", rule, "Between", least, most);
            }
        }
    }
}

/// <summary>An interval as given.</summary>
public sealed record PhaseForm(DateTimeOffset? Opens, DateTimeOffset? Closes)
{
    public Phase ToPhase() => new(Opens!.Value.ToMicrosecond(), Closes!.Value.ToMicrosecond());
}

/// <summary>Codes of the public interface.</summary>
public static partial class Codes
{
    public static bool IsCode(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Z0-9.-]{1,40}\z")]
    private static partial Regex Pattern();
}

/// <summary>R2: a group of teachers.</summary>
public static class Group
{
    /// <summary>A larger number is a slip of the pen.</summary>
    public const int Most = 1000;
}
