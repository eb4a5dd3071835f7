using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>The office sets the rescue off (R27): a request in the same order as the claims, so it is decided after all of them.</summary>
static class RescueEndpoints
{
    /// <summary>No client's key has a space: there is one rescue in a period.</summary>
    internal const string Key = "the rescue";

    public static void MapRescue(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/seats/{period}/rescue", Rescue).WithTags("Rescue").RequireAuthorization(Policies.Office).Produces<RescueAnswer>(202).ProducesProblem(409);

    static async Task<IResult> Rescue(
        string period, HttpContext http, NpgsqlDataSource source, Catalogues catalogues, ClaimWriter writer, TimeProvider time, IStringLocalizer<Texts> text,
        CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await catalogues.Of(connection, period, cancellationToken) is not { } catalogue)
        {
            return Refused.NoPeriod(text, period);
        }
        if (!await connection.Scalar<bool>("select exists (select from draw_results where period = $1)", cancellationToken, period))
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "results-not-published", text["NoResults"], text["NoResults.Detail"], "R20");
        }
        var now = time.Now();
        if (!catalogue.Period.PhaseB.IsOver(now))
        {
            return Problems.Refuse(StatusCodes.Status409Conflict, "phase-b-not-over", text["PhaseB.NotOver"],
                text["PhaseB.NotOver.Detail", catalogue.Period.PhaseB.Closes.InAthens(), now.InAthens()], "R27");
        }
        var office = new Caller("", $"{http.User.DisplayName()} ({http.User.Subject()})", null);
        if (writer.TryAccept(period, null, new(SeatRequestKind.Rescue, office.RegistryNumber, "-", [], Key, office)) is not { } accepting)
        {
            return RequestHeaders.Busy(http, text);
        }
        var stored = (await accepting).Stored!; // the same for a second click
        await connection.Record(OfficeAct.By(http.User, now, "rescue.run", period), CancellationToken.None);
        return TypedResults.Accepted($"/api/seats/{Uri.EscapeDataString(period)}/rescue", new RescueAnswer(stored.Order, stored.AcceptedAt));
    }
}

/// <param name="Order">Place in the order of all that moves seats; what it did is at the answer's <c>Location</c>.</param>
public record RescueAnswer(long Order, DateTimeOffset AcceptedAt);
