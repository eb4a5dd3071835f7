using EPimorfosi.Allocation.Draws;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Allocation.Insight;

/// <summary>What may come of the draw, before it: an estimate, and labelled as one. It rests on public counts alone and keeps nothing of what is asked.</summary>
public static class ChanceEndpoints
{
    const int MostFaults = 100;

    public static void MapChance(this IEndpointRouteBuilder routes)
    {
        var draw = routes.MapGroup("/api/draws/{period}").WithTags("Estimates").AllowAnonymous();
        draw.MapPost("/chance", Chance).WithSummary("What a list of preferences may bring, by simulated draws of the applications so far").Produces<ChanceAnswer>().ProducesProblem(422);
        draw.MapGet("/outlook", Outlook).WithSummary("How the programmes would do if the draw were now, by simulated draws").Produces<OutlookAnswer>();
    }

    static async Task<IResult> Chance(
        string period, ChanceRequest request, AllocationDb db, Forecasts forecasts, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (!await Exists(db, period, cancellationToken))
        {
            return CeremonyEndpoints.UnknownPeriod(text, period);
        }
        var forecast = await forecasts.Of(period, cancellationToken);
        var preferences = request.Preferences ?? [];
        var faults = Faults(preferences, forecast, text).Take(MostFaults).ToList();
        if (faults.Count > 0)
        {
            return Problems.Refuse(422, "list-not-estimable", text["ListNotEstimable"], faults[0].Reason, faults[0].Rule, faults);
        }
        var choices = forecast.Chance(preferences!);
        return Results.Ok(new ChanceAnswer(period, forecast.Draws, forecast.Applications, forecast.AsOf, true, text["EstimateNote", forecast.Draws], choices,
            Math.Round(1 - choices[^1].ThisOrBetter, 4)));
    }

    static async Task<IResult> Outlook(
        string period, HttpContext http, AllocationDb db, Forecasts forecasts, IStringLocalizer<Texts> text, CancellationToken cancellationToken,
        string? cluster = null, string? programme = null, int page = 1, int pageSize = 50)
    {
        if (!await Exists(db, period, cancellationToken))
        {
            return CeremonyEndpoints.UnknownPeriod(text, period);
        }
        (page, pageSize) = (Math.Max(1, page), Math.Clamp(pageSize, 1, 1000));
        var forecast = await forecasts.Of(period, cancellationToken);
        var mark = forecast.Mark;
        if (Editions.NotModified(http, FormattableString.Invariant(
            $"{mark.Applications}-{mark.Versions}-{mark.Programmes}-{mark.Strikes}-{forecast.Draws}-{forecast.AsOf.ToUnixTimeMilliseconds()}-{System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}")) is { } known)
        {
            return known;
        }
        var asked = forecast.Catalogue.Where(listed => (cluster is null || listed.Cluster == cluster) && (programme is null || listed.Code == programme)).ToList();
        return Results.Ok(new OutlookAnswer(period, forecast.Draws, forecast.Applications, forecast.AsOf, true, text["EstimateNote", forecast.Draws],
            [.. asked.Skip((int)Math.Min((page - 1L) * pageSize, int.MaxValue)).Take(pageSize).Select(forecast.Outlook)], page, pageSize, asked.Count));
    }

    static IEnumerable<ListFault> Faults(IReadOnlyList<string?> preferences, Forecast forecast, IStringLocalizer<Texts> text)
    {
        if (preferences.Count == 0)
        {
            yield return new("preferences", "R13", text["Fault.NoChoices"]);
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, code) in preferences.Index())
        {
            if (code is null || !forecast.Knows(code))
            {
                yield return new($"preferences[{index}]", "R7", text["UnknownProgramme", code ?? ""]);
            }
            else if (!seen.Add(code))
            {
                yield return new($"preferences[{index}]", "R13", text["Fault.ListedTwice", code]);
            }
        }
    }

    internal static Task<bool> Exists(AllocationDb db, string period, CancellationToken cancellationToken) =>
        db.Periods.AnyAsync(known => known.Code == period, cancellationToken);
}

/// <param name="Preferences">Programme codes, first choice first.</param>
public sealed record ChanceRequest(IReadOnlyList<string?>? Preferences);

/// <param name="Draws">How many draws were simulated.</param>
/// <param name="Applications">How many applications the book had.</param>
/// <param name="Estimate">Always true: this is no result.</param>
/// <param name="Note">What the estimate is and is not, in the caller's language.</param>
/// <param name="None">Share of the simulated draws that bring nothing of the list.</param>
public sealed record ChanceAnswer(
    string Period, int Draws, int Applications, DateTimeOffset AsOf, bool Estimate, string Note, IReadOnlyList<ChoiceChance> Choices, double None);

/// <param name="Applications">How many applications the book had.</param>
/// <param name="Estimate">Always true: this is no result.</param>
/// <param name="Total">Length of the whole list.</param>
public sealed record OutlookAnswer(
    string Period, int Draws, int Applications, DateTimeOffset AsOf, bool Estimate, string Note, IReadOnlyList<ProgrammeOutlook> Items, int Page, int PageSize, int Total);

/// <summary>What is wrong with a field of what was sent, by which rule.</summary>
/// <param name="Reason">In the caller's language.</param>
public sealed record ListFault(string Field, string? Rule, string Reason);
