using EPimorfosi.Gateway.Drafts;
using EPimorfosi.Gateway.Services;
using Microsoft.AspNetCore.Components;

namespace EPimorfosi.Gateway.Pages.My;

/// <summary>A page on which a ranked list is made: of phase A or of phase B.</summary>
public abstract class ListPage : OwnPage
{
    [Inject] internal DraftStore Drafts { get; set; } = null!;

    /// <summary>The revision that the last act made, after it: the page says what was done.</summary>
    [SupplyParameterFromQuery(Name = "saved")] public string? Saved { get; set; }

    [SupplyParameterFromForm(FormName = "list")] public ListForm? Form { get; set; }

    internal OwnOptions? Options { get; private set; }
    internal OwnPart? Part { get; private set; }
    internal Draft Draft { get; private set; } = null!;

    /// <summary>Whether the services could be asked; without them no list is shown as if it were empty.</summary>
    internal Found Found { get; private set; } = Found.Unavailable;

    /// <summary>Somebody, or the same person in another window, was faster: nothing was changed.</summary>
    internal bool Overtaken { get; set; }

    internal abstract string Phase { get; }

    /// <summary>R13.</summary>
    internal bool IiaFirst => Phase == "A" && Period!.Policy?.IiaFirst != false;

    internal int MostChoices => Phase == "A" ? Period!.Policy?.MaxChoices ?? 0 : 0;

    internal bool WasSaved => Saved == Draft.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);

    protected override async Task Load()
    {
        var (found, options) = await Own.Options(Http, Period!.Code);
        (var standing, Part) = await Own.Part(Http, Period.Code);
        Draft = await Drafts.Of(Account, Period.Code, Phase, Http.RequestAborted) ?? Draft.Begin(Account, Period.Code, Phase, Submitted, BasedOn);
        // Last, and only if all is known: the page is drawn while it waits, too.
        (Found, Options) = standing == Found.Unavailable ? (standing, null) : (found, options);
    }

    /// <summary>The list that stands, as put in.</summary>
    internal virtual IReadOnlyList<string> Submitted => Part is { Stands: true } ? Part.Preferences ?? [] : [];

    internal virtual int BasedOn => Part?.Version ?? 0;

    /// <summary>When phase B opens for this teacher.</summary>
    internal DateTimeOffset PhaseBOpens => Options?.Opening(Period!, Draft.Preferences) ?? Period!.PhaseB.Opens;

    internal Option? OptionOf(string code) => Options?.Items.FirstOrDefault(option => option.Code == code);

    internal bool IsFirst(string code) => IiaFirst && OptionOf(code)?.Category == "IIa";

    /// <summary>Whether it may come onto the list: by its rules, of the list's one cluster (R11), and while there is room.</summary>
    internal bool MayAdd(string code) => OptionOf(code) is { Allowed: true } option && OfTheCluster(option) && (MostChoices == 0 || Draft.Preferences.Length < MostChoices);

    internal bool OfTheCluster(Option option) => Draft.Preferences.Select(OptionOf).OfType<Option>().All(listed => listed.Cluster == option.Cluster);

    /// <summary>The days on which the teacher said they cannot come and the programme meets.</summary>
    internal IReadOnlyList<string> Clashes(Option option) => [.. Draft.DaysOut.Where(day => option.Slots.Any(slot => slot.StartsWith(day, StringComparison.Ordinal)))];

    /// <summary>Does to the draft what a button says, and shows the page again; a button pressed twice is one change, a stale one is none.</summary>
    internal async Task Change(string page)
    {
        if (Form?.Act is not { } pressed || Options is null)
        {
            return;
        }
        var act = pressed == "place" ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"move:{Form.Code}:{Form.Place}") : pressed;
        if (Form.Revision != Draft.Revision)
        {
            if (act != Draft.LastAct || Form.Revision != Draft.Revision - 1)
            {
                Overtaken = true;
                return;
            }
        }
        else if (Next(act) is { } next)
        {
            if (!await Drafts.Save(next, Http.RequestAborted))
            {
                Draft = await Drafts.Of(Account, Period!.Code, Phase, Http.RequestAborted) ?? Draft;
                Overtaken = Draft.LastAct != act;
                if (Overtaken)
                {
                    return;
                }
            }
            else
            {
                Draft = next;
            }
        }
        var code = act.Split(':').ElementAtOrDefault(1);
        Navigation.NavigateTo($"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}saved={Draft.Revision}{(code is null ? "" : "#p-" + Uri.EscapeDataString(code))}");
    }

    Draft? Next(string act) => act switch
    {
        "days" => Draft.With(Clock.GetUtcNow(), act, daysOut: [.. Weekdays.All.Intersect(Form!.Days ?? [])]),
        "reload" => Draft.With(Clock.GetUtcNow(), act, Submitted, basedOn: BasedOn),
        _ => Ranking.Do(act, Draft.Preferences, IsFirst, MayAdd) is { } list ? Draft.With(Clock.GetUtcNow(), act, list) : null,
    };

    /// <summary>After a submission: what was put in is what the draft goes on from.</summary>
    internal Task<bool> Rebase(int version) => Drafts.Save(Draft.With(Clock.GetUtcNow(), "submitted", basedOn: version), Http.RequestAborted);
}

/// <summary>A press of a button on a list.</summary>
public sealed class ListForm
{
    public string? Act { get; set; }
    public int Revision { get; set; }
    public string[]? Days { get; set; }
    public bool Teaching { get; set; }

    /// <summary>Of the programme that goes to <see cref="Place"/>.</summary>
    public string? Code { get; set; }
    public int Place { get; set; }
    public string? Key { get; set; }
}
