using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The answer to an import: the report, or, if a rejected line kept the whole file out, a problem with the report in it.</summary>
static class ImportAnswer
{
    /// <param name="always">Whether the report is the answer though nothing was done: of a preview, or where sound lines are taken alone.</param>
    public static IResult Of(ImportReport report, bool always, IStringLocalizer<Texts> text) => report.Rejected == 0 || always
        ? TypedResults.Ok(report)
        : TypedResults.Problem(text["ImportRejected.Detail", report.Rejected], statusCode: StatusCodes.Status422UnprocessableEntity, title: text["ImportRejected"],
            type: "urn:epimorfosi:problem:import-rejected", extensions: new Dictionary<string, object?>
            {
                ["rule"] = report.Faults.Select(fault => fault.Rule).FirstOrDefault(rule => rule is not null),
                ["created"] = report.Created,
                ["updated"] = report.Updated,
                ["unchanged"] = report.Unchanged,
                ["rejected"] = report.Rejected,
                ["faults"] = report.Faults,
            });
}
