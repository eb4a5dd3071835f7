using EPimorfosi.Allocation.Draws;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Insight;

/// <summary>The office tries another catalogue on the applications as they are, before it changes the real one.</summary>
public static class WhatIfEndpoints
{
    const int MostFaults = 100;

    /// <summary>One at a time: it takes a core for some seconds at most, and nobody waits for it at a counter.</summary>
    static readonly SemaphoreSlim One = new(1);

    public static void MapWhatIf(this IEndpointRouteBuilder routes) => routes.MapGroup("/api/draws/{period}").WithTags("Estimates")
        .MapPost("/what-if", Ask).RequireAuthorization(Policies.Office)
        .WithSummary("What programmes changed, removed or added would bring, by simulated draws of the applications so far")
        .WithDescription("Nothing is stored and nothing touches the draw. An added programme is assumed to be listed right after the one it is like, by everybody who lists that one.")
        .Produces<WhatIfAnswer>().ProducesProblem(422);

    static async Task<IResult> Ask(
        string period, WhatIfRequest request, AllocationDb db, NpgsqlDataSource source, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        if (!await ChanceEndpoints.Exists(db, period, cancellationToken))
        {
            return CeremonyEndpoints.UnknownPeriod(text, period);
        }
        await One.WaitAsync(cancellationToken);
        try
        {
            var (draws, changes, asOf) = (request.Draws ?? 100, request.Changes ?? [], time.GetUtcNow());
            var live = await LiveBook.Read(source, period, cancellationToken);
            var faults = WhatIfChecks.Of(draws, changes, live.Catalogue).Take(MostFaults)
                .Select(fault => new ListFault(fault.Field, fault.Rule, text[fault.Text, fault.Values])).ToList();
            if (faults.Count > 0)
            {
                return Problems.Refuse(422, "changes-malformed", text["ChangesMalformed"], faults[0].Reason, faults[0].Rule, faults);
            }
            var sides = await Task.Run(() => WhatIf.Of(live, changes, draws, cancellationToken), cancellationToken);
            return Results.Ok(new WhatIfAnswer(period, draws, live.Book.Tickets.Count, asOf, true, text["EstimateNote", draws],
                changes.Any(change => change.Add is not null) ? text["AddedAssumption"].Value : null, sides.Baseline, sides.Changed, sides.Programmes));
        }
        finally
        {
            One.Release();
        }
    }
}

/// <param name="Draws">How many draws to simulate, 10 to 1,000; 100 if not given.</param>
/// <param name="Changes">At most 100, each programme once.</param>
public sealed record WhatIfRequest(int? Draws, IReadOnlyList<CatalogueChange>? Changes);

/// <param name="Estimate">Always true: this is no result.</param>
/// <param name="Note">What the estimate is and is not, in the caller's language.</param>
/// <param name="Assumption">Who is taken to list an added programme; null if none is added.</param>
/// <param name="Baseline">The catalogue as it is.</param>
public sealed record WhatIfAnswer(
    string Period, int Draws, int Applications, DateTimeOffset AsOf, bool Estimate, string Note, string? Assumption,
    CatalogueSide Baseline, CatalogueSide Changed, IReadOnlyList<ProgrammeSides> Programmes);
