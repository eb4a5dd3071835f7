namespace EPimorfosi.Allocation.Insight;

/// <summary>Estimates before the draw and figures after it: to look at, and with no way to change anything.</summary>
public static class InsightSetup
{
    public static void AddInsight(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InsightOptions>().BindConfiguration("Insight")
            .Validate(options => options is { Draws: >= 1 and <= 10_000, RefreshSeconds: >= 0 }, "Insight: Draws is 1 to 10000, RefreshSeconds not negative.").ValidateOnStart();
        builder.Services.AddSingleton<Forecasts>();
        builder.Services.AddSingleton<Statistics>();
    }

    public static void MapInsight(this IEndpointRouteBuilder routes)
    {
        routes.MapChance();
        routes.MapWhatIf();
        routes.MapStatistics();
    }
}
