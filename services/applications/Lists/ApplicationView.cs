using System.Text.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Applications;

/// <summary>All that a teacher is shown of their part in a period.</summary>
/// <param name="Line">The current version as a line of <c>applications.txt</c>, its LF included: what <paramref name="Digest"/> is the SHA-256 of.</param>
/// <param name="Frozen">R17: the list is frozen.</param>
/// <param name="Seat">The programme held now; null for none.</param>
/// <param name="Outcome">Of the draw, once public (R19).</param>
/// <param name="Claim">The last claim of phase B.</param>
/// <param name="Offers">Seats offered to the teacher as a runner-up (R25), the newest first.</param>
/// <param name="Explanation">The outcome in plain words.</param>
public record ApplicationView(
    string Period, string Ticket, int Version, string Cluster, IReadOnlyList<string> Preferences, bool Withdrawn, DateTimeOffset ReceivedAt,
    string Digest, string? Line, bool Frozen, Status Status, string StatusText, string? Seat, Outcome? Outcome, ClaimView? Claim, IReadOnlyList<OfferView> Offers,
    EnrolmentView? Enrolment, IReadOnlyList<string> Explanation, DateTimeOffset ServerTime)
{
    /// <returns>Null if the teacher has no part in the period.</returns>
    internal static async Task<ApplicationView?> Read(
        ApplicationsDb db, Catalogue catalogue, string registryNumber, DateTimeOffset now, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var period = catalogue.Period.Code;
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(row => row.Period == period && row.RegistryNumber == registryNumber, cancellationToken);
        if (application is null)
        {
            return null;
        }
        var frozen = await db.Freezes.AnyAsync(row => row.Period == period, cancellationToken);
        var standing = await db.Standings.AsNoTracking().SingleOrDefaultAsync(row => row.Period == period && row.Ticket == application.Ticket, cancellationToken);
        var members = standing?.Seat is null ? 0 : await db.Standings.CountAsync(row => row.Period == period && row.Seat == standing.Seat, cancellationToken);
        var request = await db.SeatRequests.AsNoTracking().Where(row => row.Period == period && row.RegistryNumber == registryNumber && row.Kind == SeatRequestKind.Claim)
            .OrderByDescending(row => row.Order).FirstOrDefaultAsync(cancellationToken);
        var claim = request is null ? null : await ClaimView.Read(db, request, cancellationToken);
        var enrolment = await db.Enrolments.AsNoTracking().Where(row => row.Period == period && row.RegistryNumber == registryNumber)
            .Select(row => new EnrolmentView(row.Programme, row.Confirmed, row.AnsweredAt)).SingleOrDefaultAsync(cancellationToken);
        var outcome = standing?.Outcome is { } json ? JsonSerializer.Deserialize<Outcome>(json, Outbox.Json) : null;
        var belowMinimum = standing?.Seat is { } seat && catalogue.Programmes.TryGetValue(seat, out var programme) && members < programme.Minimum;
        var offers = await Applications.Offers.Of(db.Connection(), [application.Ticket], period, now, cancellationToken);
        var status = Statuses.Of(application, frozen, standing, outcome, belowMinimum, claim is { Outcome: null }, offers.Any(offer => offer.Open), enrolment?.Confirmed);
        return new(
            period, application.Ticket, application.Version, application.Cluster, application.Preferences, application.Withdrawn, application.ReceivedAt,
            application.Digest, application.Version == 0 ? null : Canonical.ApplicationLine(application.Ticket, application.Cluster, application.Preferences),
            frozen, status, text[$"Status.{status}", status == Status.Struck ? standing!.StruckReason! : standing?.Seat ?? ""], standing?.Seat, outcome, claim, offers, enrolment,
            outcome is null ? [] : [.. Applications.Explanation.Of(outcome, text)], now);
    }
}
