using System.Security.Claims;
using EPimorfosi.Contracts.Imports;

namespace EPimorfosi.Defaults;

/// <summary>What an import tells the office (R29).</summary>
public static class ImportLetters
{
    /// <returns>Nothing to publish if the file changed nothing and all its lines were sound.</returns>
    public static IEnumerable<ImportFinished> Finished(this ImportReport report, string what, string? period, ClaimsPrincipal user, DateTimeOffset at) =>
        report is { Created: 0, Updated: 0, Rejected: 0 } ? []
        : [new(Guid.CreateVersion7(), what, period, user.DisplayName(), report.Created, report.Updated, report.Unchanged, report.Rejected, at)];
}
