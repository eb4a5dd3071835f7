namespace EPimorfosi.Gateway.Drafts;

/// <summary>Πρόχειρο: a ranked list as its teacher is making it, saved with each touch, before it is put in. The services know nothing of it.</summary>
public sealed class Draft
{
    public required Guid Account { get; init; }
    public required string Period { get; init; }

    /// <summary><c>A</c> or <c>B</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Grows with each change; who changes another than the one they see is told, and nothing is overwritten.</summary>
    public required int Revision { get; init; }

    /// <summary>Programme codes in rank order.</summary>
    public required string[] Preferences { get; init; }

    /// <summary>Days of the week, such as <c>Tue</c>, on which the teacher cannot come: the programmes that meet then are marked.</summary>
    public required string[] DaysOut { get; init; }

    /// <summary>The version of the application that it was made from; 0 for none.</summary>
    public required int BasedOn { get; init; }

    /// <summary>What made this revision, so that a button pressed twice is one change.</summary>
    public string? LastAct { get; init; }
    public required DateTimeOffset SavedAt { get; init; }

    internal static Draft Begin(Guid account, string period, string phase, IReadOnlyList<string> preferences, int basedOn) => new()
    {
        Account = account,
        Period = period,
        Phase = phase,
        Revision = 0,
        Preferences = [.. preferences],
        DaysOut = [],
        BasedOn = basedOn,
        SavedAt = DateTimeOffset.UnixEpoch,
    };

    internal Draft With(DateTimeOffset now, string act, IReadOnlyList<string>? preferences = null, IReadOnlyList<string>? daysOut = null, int? basedOn = null) => new()
    {
        Account = Account,
        Period = Period,
        Phase = Phase,
        Revision = Revision + 1,
        Preferences = [.. preferences ?? Preferences],
        DaysOut = [.. daysOut ?? DaysOut],
        BasedOn = basedOn ?? BasedOn,
        LastAct = act,
        SavedAt = now,
    };
}
