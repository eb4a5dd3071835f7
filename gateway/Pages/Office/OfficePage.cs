using EPimorfosi.Gateway.Services;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Gateway.Pages.Office;

/// <summary>A page of the office, about one period: <c>?period=</c>, else the one that concerns people now.</summary>
public abstract class OfficePage : ComponentBase
{
    [Inject] internal OwnData Own { get; set; } = null!;
    [Inject] internal PublicData Data { get; set; } = null!;
    [Inject] internal TimeProvider Clock { get; set; } = null!;
    [Inject] internal NavigationManager Navigation { get; set; } = null!;
    [Inject] internal IStringLocalizer<OfficeTexts> Say { get; set; } = null!;
    [CascadingParameter] public HttpContext Http { get; set; } = null!;
    [SupplyParameterFromQuery(Name = "period")] public string? PeriodCode { get; set; }

    /// <summary>Null if there is none, or while <c>programmes</c> does not answer.</summary>
    internal Period? Period { get; private set; }

    internal IReadOnlyList<Period> Periods { get; private set; } = [];

    protected override async Task OnInitializedAsync()
    {
        Periods = await Data.PeriodsNow(Http.RequestAborted) ?? [];
        Period = PeriodCode is null ? Stages.Current(Periods, Clock.GetUtcNow()) : Periods.FirstOrDefault(period => period.Code == PeriodCode);
        await Load();
    }

    /// <summary>What the page shows; <see cref="Period"/> is known, if there is one.</summary>
    protected virtual Task Load() => Task.CompletedTask;

    /// <summary>Another page about the same period.</summary>
    internal string To(string path, params (string Name, string? Value)[] query) => path + QueryString.Create(
        query.Append(("period", PeriodCode)).Where(pair => !string.IsNullOrEmpty(pair.Item2)).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));

    /// <summary>The same page and its query, for forms that are sent to where they are.</summary>
    internal string Here => new Uri(Navigation.Uri).PathAndQuery;

    /// <summary>A field of the form that was sent, in one line.</summary>
    internal string Sent(string name) => Http.Request.HasFormContentType ? string.Join(' ', Http.Request.Form[name].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : "";

    internal static string Number(double number) => number.ToString("#,0.#", System.Globalization.CultureInfo.CurrentCulture);

    internal static string Escaped(string value) => Uri.EscapeDataString(value);
}
