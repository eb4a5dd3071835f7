using EPimorfosi.Allocation.Draws;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Allocation.Insight;

/// <summary>A published draw in figures, for everybody.</summary>
public static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder routes)
    {
        var draw = routes.MapGroup("/api/draws/{period}").WithTags("Draw").AllowAnonymous();
        draw.MapGet("/statistics", OfDraw).WithSummary("A published draw in figures").Produces<DrawStatistics>();
        draw.MapGet("/programmes/{code}", OfProgramme).WithSummary("A programme after the draw, and who wanted it").Produces<ProgrammeStatistics>();
    }

    static async Task<IResult> OfDraw(
        string period, HttpContext http, AllocationDb db, Statistics statistics, IStringLocalizer<Texts> text, CancellationToken cancellationToken,
        [FromQuery(Name = "draw")] int? number = null)
    {
        var (draw, refusal) = await DrawEndpoints.Published(period, db, text, cancellationToken, number);
        return draw is null ? refusal!
            : Editions.NotModified(http, $"{draw.Seed}-statistics") ?? Results.Ok((await statistics.Of(draw, cancellationToken)).Statistics);
    }

    static async Task<IResult> OfProgramme(
        string period, string code, HttpContext http, AllocationDb db, Statistics statistics, IStringLocalizer<Texts> text, CancellationToken cancellationToken,
        [FromQuery(Name = "draw")] int? number = null)
    {
        var (draw, refusal) = await DrawEndpoints.Published(period, db, text, cancellationToken, number);
        return draw is null ? refusal!
            : !(await statistics.Of(draw, cancellationToken)).Programmes.TryGetValue(code, out var programme) ? Problems.Refuse(404, "unknown-programme", text["UnknownProgramme", code])
            : Editions.NotModified(http, $"{draw.Seed}-programme") ?? Results.Ok(programme);
    }
}
