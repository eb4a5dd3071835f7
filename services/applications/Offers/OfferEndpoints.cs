using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>A runner-up's answer to the seat that is held back for them (R25).</summary>
static class OfferEndpoints
{
    public static void MapOffers(this IEndpointRouteBuilder routes)
    {
        var offers = routes.MapGroup("/api/offers").WithTags("Offers").RequireAuthorization(Policies.TeacherOrOffice);
        offers.MapGet("/{id}", Get);
        offers.MapPost("/{id}/accept", (string id, Answers answers, CancellationToken cancel) => answers.Give(id, SeatRequestKind.Accept, cancel));
        offers.MapPost("/{id}/decline", (string id, Answers answers, CancellationToken cancel) => answers.Give(id, SeatRequestKind.Decline, cancel));
    }

    static async Task<IResult> Get(string id, HttpContext http, NpgsqlDataSource source, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await Own(connection, id, http, cancellationToken) is { } offer
            ? TypedResults.Ok(OfferView.Of(offer, time.Now()))
            : Unknown(text);
    }

    /// <summary>Another's offer is as unknown as none.</summary>
    static async Task<Offer?> Own(NpgsqlConnection connection, string id, HttpContext http, CancellationToken cancellationToken) =>
        await Offers.Find(connection, id, cancellationToken) is { } offer && (http.User.Is(Policies.Office) || offer.RegistryNumber == http.User.RegistryNumber()) ? offer : null;

    static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Unknown(IStringLocalizer<Texts> text) => Problems.Refuse(StatusCodes.Status404NotFound, "offer-unknown", text["NoOffer"]);

    internal sealed class Answers(
        IHttpContextAccessor accessor, NpgsqlDataSource source, ClaimWriter writer, DecisionWatch decisions, TimeProvider time, IStringLocalizer<Texts> text)
    {
        public async Task<IResult> Give(string id, SeatRequestKind kind, CancellationToken cancellationToken)
        {
            var http = accessor.HttpContext!;
            if (Caller.Of(http, text, acts: true, out var caller) is { } refused)
            {
                return refused;
            }
            Offer? offer;
            await using (var connection = await source.OpenConnectionAsync(cancellationToken))
            {
                offer = await Own(connection, id, http, cancellationToken);
            }
            if (offer is null || offer.RegistryNumber != caller.RegistryNumber)
            {
                return Unknown(text);
            }
            if (offer is { Answer: null, Ended: not null })
            {
                return Problems.Refuse(StatusCodes.Status409Conflict, "offer-ended", text["OfferEnded"], text["OfferEnded.Detail"], "R26");
            }
            // An answer given before is given again; else the writer's clock decides whether it is still in time.
            if (writer.TryAccept(offer.Period, offer.Answer is null ? offer.Window : null, offer.Request(kind, caller)) is not { } accepting)
            {
                return RequestHeaders.Busy(http, text);
            }
            var accepted = await accepting;
            if (accepted.Stored is not { } stored || stored.Kind == SeatRequestKind.Expire)
            {
                return Problems.Refuse(StatusCodes.Status409Conflict, "offer-expired", text["OfferExpired"], text["OfferExpired.Detail", offer.ExpiresAt.InAthens(), time.Now().InAthens()], "R25");
            }
            if (stored.Kind != kind)
            {
                return Problems.Refuse(StatusCodes.Status409Conflict, "offer-answered", text["OfferAnswered"], text[$"OfferAnswered.{stored.Kind}"], "R25");
            }
            await caller.Record(http, source, stored.AcceptedAt, kind == SeatRequestKind.Accept ? "offer.accepted" : "offer.declined", offer.Period, offer.Programme);
            var outcome = RequestHeaders.Patience(http) is { } patience ? await decisions.Wait(offer.Period, stored.Order, patience, cancellationToken) : null;
            return outcome is null
                ? TypedResults.Accepted($"/api/offers/{offer.Id}", new OfferAnswer(stored.Order, stored.AcceptedAt))
                : TypedResults.Ok(new OfferAnswer(stored.Order, stored.AcceptedAt, outcome.Outcome, outcome.Programme));
        }
    }
}

/// <param name="Order">Place in the order of all that moves seats.</param>
/// <param name="Outcome"><c>accepted</c> or <c>declined</c>; null while not decided.</param>
public record OfferAnswer(long Order, DateTimeOffset AcceptedAt, string? Outcome = null, string? Programme = null);
