using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>Whether a claim may be taken in, and if not why (R12, R20-R22, R27, R30). Pure: everything it needs is in its arguments.</summary>
/// <param name="At">The server's time by which it was judged.</param>
/// <param name="Window">Phase B as it is open for this claimant; null while nobody knows.</param>
/// <param name="Refusals">Of <see cref="Verdict.NotEligible"/>: each rule that speaks against it.</param>
public sealed record Judgement(Verdict Verdict, DateTimeOffset At, Claimant? Claimant = null, Phase? Window = null, IReadOnlyList<Refusal>? Refusals = null)
{
    public static Judgement Of(Claimant? claimant, ClaimRequest request, DateTimeOffset now)
    {
        if (claimant is null)
        {
            return new(Verdict.PeriodUnknown, now);
        }
        var open = new Judgement(Verdict.Sound, now, claimant, claimant.PhaseB(request));
        if (!open.Window!.IsOpen(now))
        {
            return open with { Verdict = Verdict.Outside };
        }
        if (claimant.BelowMinimum is null)
        {
            return open with { Verdict = Verdict.NoResults };
        }
        if (claimant.Rescued)
        {
            return open with { Verdict = Verdict.Rescued };
        }
        if (claimant.Who is not { } who)
        {
            return open with { Verdict = Verdict.TeacherUnknown };
        }
        var (programmes, list) = (claimant.Catalogue.Programmes, request.List);
        var refusals = Eligibility.OfClaim(who, Eligibility.ClusterOf(who, request.Cluster, list, programmes), list, programmes, claimant.Catalogue.Period.Policy, claimant.BelowMinimum);
        return refusals.Count > 0 ? open with { Verdict = Verdict.NotEligible, Refusals = refusals }
            : claimant.MustReleaseFirst ? open with { Verdict = Verdict.HoldsSeat }
            : open;
    }

    /// <summary>The refusal as its caller reads it.</summary>
    public IResult Problem(string period, string registryNumber, IStringLocalizer<Texts> text) => Verdict switch
    {
        Verdict.PeriodUnknown => Refused.NoPeriod(text, period),
        Verdict.Outside => Refused.Outside(Window!, "PhaseB", "R30", At, text)!,
        Verdict.NoResults => Problems.Refuse(StatusCodes.Status409Conflict, "results-not-published", text["NoResults"], text["NoResults.Detail"], "R20"),
        Verdict.Rescued => Problems.Refuse(StatusCodes.Status409Conflict, "closed", text["PhaseB.Rescued"], text["PhaseB.Rescued.Detail"], "R27"),
        Verdict.TeacherUnknown => Refused.NoTeacher(text, registryNumber),
        Verdict.NotEligible => Refused.ByRule(Refusals!, text),
        Verdict.HoldsSeat => Problems.Refuse(StatusCodes.Status409Conflict, "holds-a-seat", text["HoldsSeat"], text["HoldsSeat.Detail", Claimant!.Seat!], "R21"),
        _ => throw new InvalidOperationException($"{Verdict} is no refusal."),
    };
}

/// <summary><c>NoResults</c>: the draw is not public yet. <c>HoldsSeat</c>: a seat in a programme that will run must be given up first (R21).</summary>
public enum Verdict { Sound, PeriodUnknown, Outside, NoResults, Rescued, TeacherUnknown, NotEligible, HoldsSeat }
