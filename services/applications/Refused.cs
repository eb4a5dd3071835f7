using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>One fault as the caller reads it (R12).</summary>
/// <param name="Reason">In the caller's language.</param>
/// <param name="Key">The same, stable.</param>
public record FaultText(string Rule, string? Programme, string Reason, string Key);

/// <summary>The refusals that several routes share.</summary>
static class Refused
{
    public static IResult NoPeriod(IStringLocalizer<Texts> text, string period) =>
        Problems.Refuse(StatusCodes.Status404NotFound, "period-unknown", text["NoPeriod"], text["NoPeriod.Detail", period]);

    public static IResult NoTeacher(IStringLocalizer<Texts> text, string registryNumber) =>
        Problems.Refuse(StatusCodes.Status404NotFound, "teacher-unknown", text["NoTeacher"], text["NoTeacher.Detail", registryNumber]);

    public static IResult NoApplication(IStringLocalizer<Texts> text) =>
        Problems.Refuse(StatusCodes.Status404NotFound, "no-application", text["NoApplication"], text["NoApplication.Detail"]);

    /// <summary>Every fault at once; the first one's rule is the problem's.</summary>
    public static IResult ByRule(IReadOnlyList<Refusal> refusals, IStringLocalizer<Texts> text)
    {
        var faults = refusals.Select(refusal => Fault(refusal, text)).ToArray();
        return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "not-eligible", text["NotEligible"],
            string.Join(' ', faults.Take(3).Select(fault => fault.Reason)), faults[0].Rule, faults);
    }

    public static FaultText Fault(Refusal refusal, IStringLocalizer<Texts> text) =>
        new(refusal.Rule, refusal.Programme, text[$"Refusal.{refusal.Reason}", refusal.Programme ?? ""], refusal.Reason.ToString());

    /// <summary>Too early or too late by the service's clock, which is shown (R30).</summary>
    /// <param name="name">PhaseA, PhaseB or Enrolment.</param>
    /// <param name="closed">The rule that ends it.</param>
    public static IResult? Outside(Phase phase, string name, string closed, DateTimeOffset now, IStringLocalizer<Texts> text, bool shut = false) =>
        now < phase.Opens ? Clocked("not-yet-open", text[$"{name}.NotYet"], text["Clock.Opens", phase.Opens.InAthens(), now.InAthens()], "R30", now)
        : shut || phase.IsOver(now) ? Clocked("closed", text[$"{name}.Over"], text["Clock.Closed", phase.Closes.InAthens(), now.InAthens()], closed, now)
        : null;

    static ProblemHttpResult Clocked(string slug, string title, string detail, string rule, DateTimeOffset now)
    {
        var refusal = Problems.Refuse(StatusCodes.Status409Conflict, slug, title, detail, rule);
        refusal.ProblemDetails.Extensions["serverTime"] = now;
        return refusal;
    }
}

/// <summary>The answer to an import: the counts and faults; a problem if, because of them, nothing was changed.</summary>
static class ImportAnswer
{
    public static IResult Of(ImportReport report, bool partial, IStringLocalizer<Texts> text)
    {
        if (report.Rejected == 0 || partial)
        {
            return TypedResults.Ok(report);
        }
        var refusal = Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "import-rejected", text["ImportRejected"],
            text["ImportRejected.Detail", report.Rejected], faults: report.Faults);
        refusal.ProblemDetails.Extensions["created"] = report.Created;
        refusal.ProblemDetails.Extensions["updated"] = report.Updated;
        refusal.ProblemDetails.Extensions["unchanged"] = report.Unchanged;
        refusal.ProblemDetails.Extensions["rejected"] = report.Rejected;
        return refusal;
    }
}
