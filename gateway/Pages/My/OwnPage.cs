using System.Security.Claims;
using EPimorfosi.Gateway.Services;
using Microsoft.AspNetCore.Components;

namespace EPimorfosi.Gateway.Pages.My;

/// <summary>A page of the teacher who is signed in, about one period: <c>?period=</c>, else the one that concerns people now.</summary>
public abstract class OwnPage : ComponentBase
{
    [Inject] internal OwnData Own { get; set; } = null!;
    [Inject] internal PublicData Data { get; set; } = null!;
    [Inject] internal TimeProvider Clock { get; set; } = null!;
    [Inject] internal NavigationManager Navigation { get; set; } = null!;
    [CascadingParameter] public HttpContext Http { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "period")] public string? PeriodCode { get; set; }

    /// <summary>Null if there is none, or while <c>programmes</c> does not answer.</summary>
    internal Period? Period { get; private set; }

    /// <summary>From the day before: the list for phase B may be made ready.</summary>
    internal bool PhaseBIsNear => Period?.PhaseB.Opens.AddDays(-1) <= Clock.GetUtcNow();

    internal Guid Account => Guid.Parse(Http.User.FindFirstValue("sub")!);

    protected override async Task OnInitializedAsync()
    {
        var periods = await Data.Periods(Http.RequestAborted, PeriodCode) ?? [];
        Period = PeriodCode is null ? Stages.Current(periods, Clock.GetUtcNow()) : periods.FirstOrDefault(period => period.Code == PeriodCode);
        if (Period is not null)
        {
            await Load();
        }
    }

    /// <summary>What the page shows; <see cref="Period"/> is known.</summary>
    protected virtual Task Load() => Task.CompletedTask;

    /// <summary>Another page about the same period.</summary>
    internal string To(string path, params (string Name, string? Value)[] query) => path + QueryString.Create(
        query.Append(("period", PeriodCode)).Where(pair => !string.IsNullOrEmpty(pair.Item2)).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));

    /// <summary>The same page and its query, for forms that are sent to where they are.</summary>
    internal string Here => new Uri(Navigation.Uri).PathAndQuery;
}
