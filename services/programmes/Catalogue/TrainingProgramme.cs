using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Programmes;

/// <summary>Πρόγραμμα επιμόρφωσης: one group of one cluster at one centre, approved and published.</summary>
public sealed class TrainingProgramme
{
    public required string Code { get; init; }
    public required string Period { get; init; }
    public int Version { get; private set; }
    public string Cluster { get; private set; } = "";
    public string Category { get; private set; } = "";
    public string Title { get; private set; } = "";

    /// <summary>The centre's school code; with it what is needed of the school, as it was when the programme was last written.</summary>
    public string Centre { get; private set; } = "";
    public string CentreName { get; private set; } = "";
    public string Prefecture { get; private set; } = "";
    public string Nomos { get; private set; } = "";

    public int Minimum { get; private set; }
    public int Maximum { get; private set; }
    public DateOnly StartsOn { get; private set; }

    /// <summary>Weekly times in the order of the week; empty while the timetable is still to come.</summary>
    public string[] Slots { get; private set; } = [];

    /// <summary>Register numbers of the trainers, each with hours (<c>id:30</c>) or without; never public.</summary>
    public string[] Trainers { get; private set; } = [];

    /// <summary>R5: further prefectures a IIa programme is open to.</summary>
    public string[] ExtraPrefectures { get; private set; } = [];

    /// <summary>R5: nomos codes a IIa member may come from, sorted; empty for IIb.</summary>
    public string[] Nomoi { get; private set; } = [];

    /// <summary>Folded text that <c>q</c> is looked for in.</summary>
    public string Search { get; private set; } = "";

    public IReadOnlyList<WeeklySlot> WeeklySlots => [.. Slots.Select(text => WeeklySlot.TryParse(text, out var slot) ? slot : throw new InvalidDataException($"{Code} has the slot '{text}'."))];

    public Programme ToContract() =>
        new(Code, Version, Cluster, Category, Title, Centre, CentreName, Prefecture, Nomoi, Minimum, Maximum, StartsOn, Slots);

    /// <summary>Without hours.</summary>
    public ProgrammeTrainers ToTrainers() => new(Code, Version, [.. Trainers.Select(trainer => trainer.Split(':')[0])]);

    /// <summary>Takes over a draft; false, and no new version, if nothing differs.</summary>
    public bool Become(ProgrammeDraft draft)
    {
        if (Version > 0 && Same(draft))
        {
            return false;
        }
        (Cluster, Category, Title) = (draft.Cluster, draft.Category, draft.Title);
        (Centre, CentreName, Prefecture, Nomos) = (draft.Centre.Code, draft.Centre.NameEl, draft.Centre.PrefectureCode, draft.Centre.NomosCode);
        (Minimum, Maximum, StartsOn) = (draft.Minimum, draft.Maximum, draft.StartsOn);
        (Slots, Trainers, ExtraPrefectures, Nomoi) = (draft.Slots, draft.Trainers, draft.ExtraPrefectures, draft.Nomoi);
        Search = SearchText.Fold(Code, Title, CentreName);
        Version++;
        return true;
    }

    /// <summary>Takes over other weekly times; false, and no new version, if nothing differs.</summary>
    public bool Meet(DateOnly startsOn, string[] slots)
    {
        if (StartsOn == startsOn && Slots.SequenceEqual(slots))
        {
            return false;
        }
        (StartsOn, Slots) = (startsOn, slots);
        Version++;
        return true;
    }

    bool Same(ProgrammeDraft draft) =>
        (Cluster, Category, Title, Centre, CentreName, Prefecture, Nomos, Minimum, Maximum, StartsOn)
            == (draft.Cluster, draft.Category, draft.Title, draft.Centre.Code, draft.Centre.NameEl, draft.Centre.PrefectureCode, draft.Centre.NomosCode, draft.Minimum, draft.Maximum, draft.StartsOn)
        && Slots.SequenceEqual(draft.Slots) && Trainers.SequenceEqual(draft.Trainers)
        && ExtraPrefectures.SequenceEqual(draft.ExtraPrefectures) && Nomoi.SequenceEqual(draft.Nomoi);

    /// <summary>While phase A is open teachers rank what they see: a published programme may only be widened, so no list loses a choice (R13, R17).</summary>
    public IEnumerable<Fault> NarrowedBy(ProgrammeDraft draft)
    {
        (string Column, bool Differs)[] fixedNow =
        [
            ("cluster", Cluster != draft.Cluster), ("category", Category != draft.Category), ("centre", Centre != draft.Centre.Code),
            ("min", Minimum != draft.Minimum), ("starts_on", StartsOn != draft.StartsOn),
        ];
        foreach (var (column, _) in fixedNow.Where(value => value.Differs))
        {
            yield return new(column, "R17", "FixedWhileOpen");
        }
        if (draft.Maximum < Maximum)
        {
            yield return new("max", "R17", "OnlyMore", Maximum);
        }
        if (Nomoi.Except(draft.Nomoi).Any() && Category == draft.Category && Centre == draft.Centre.Code)
        {
            yield return new("extra_prefectures", "R17", "OnlyMorePrefectures", string.Join('|', ExtraPrefectures));
        }
    }
}
