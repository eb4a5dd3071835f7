using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The refusals that several routes share.</summary>
static class Refused
{
    public static ProblemHttpResult NoPeriod(IStringLocalizer<Texts> text, string period) =>
        Problems.Refuse(StatusCodes.Status404NotFound, "no-such-period", text["NoPeriod", period]);

    public static ProblemHttpResult NoProgramme(IStringLocalizer<Texts> text, string code) =>
        Problems.Refuse(StatusCodes.Status404NotFound, "no-such-programme", text["NoProgramme", code]);

    public static ProblemHttpResult NoProposal(IStringLocalizer<Texts> text) => Problems.Refuse(StatusCodes.Status404NotFound, "no-such-proposal", text["NoProposal"]);

    /// <summary>All faults, each with its field, its rule and what is wrong; the rule of the whole is the first one's.</summary>
    public static ProblemHttpResult Invalid(IStringLocalizer<Texts> text, IReadOnlyList<Fault> faults, int status = StatusCodes.Status422UnprocessableEntity) =>
        Problems.Refuse(status, status == StatusCodes.Status409Conflict ? "too-late" : "invalid",
            text[status == StatusCodes.Status409Conflict ? "TooLate" : "Invalid"], string.Join(' ', faults.Select(fault => fault.In(text))),
            faults.FirstOrDefault(fault => fault.Rule is not null)?.Rule,
            faults.Select(fault => new FieldFault(fault.Field, fault.Rule, fault.In(text))).ToArray());

    public static ProblemHttpResult ReasonMissing(IStringLocalizer<Texts> text, IEnumerable<string> fields) =>
        Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "reason-missing", text["ReasonMissing"], text["ReasonMissing.Detail", string.Join(", ", fields)], "R31");

    /// <summary>R17: phase A is over, and the catalogue is what the draw will use.</summary>
    public static ProblemHttpResult Frozen(IStringLocalizer<Texts> text, string period) =>
        Problems.Refuse(StatusCodes.Status409Conflict, "catalogue-frozen", text["Frozen", period], text["Frozen.Detail"], "R17");

    sealed record FieldFault(string? Field, string? Rule, string Reason);
}
