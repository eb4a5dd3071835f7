using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Programmes;

/// <summary>Περίοδος επιμόρφωσης with its calendar and policy, as last changed.</summary>
public sealed class TrainingPeriod
{
    public required string Code { get; init; }
    public int Version { get; private set; }
    public LocalText Title { get; private set; } = null!;
    public string Level { get; private set; } = null!;
    public DateOnly FirstDay { get; private set; }
    public DateOnly LastDay { get; private set; }
    public Phase PhaseA { get; private set; } = null!;
    public DateTimeOffset? DrawAt { get; private set; }
    public Phase PhaseB { get; private set; } = null!;
    public Phase Enrolment { get; private set; } = null!;
    public int GroupMinimum { get; private set; }
    public int GroupMaximum { get; private set; }
    public Policy Policy { get; private set; } = null!;

    /// <summary>R17: when, how many programmes, and the digest of <c>programmes.txt</c>; null before.</summary>
    public DateTimeOffset? FrozenAt { get; private set; }
    public int? FrozenCount { get; private set; }
    public string? FrozenSha256 { get; private set; }

    /// <summary>Counts the changes of the period's programmes: the catalogue's ETag.</summary>
    public long CatalogueRevision { get; private set; }

    /// <summary>The period as other services know it.</summary>
    public Period ToContract() => new(Code, Version, Title, Level, FirstDay, LastDay, PhaseA, DrawAt, PhaseB, Enrolment, GroupMinimum, GroupMaximum, Policy);

    /// <summary>Takes over all but code and version; false, and no new version, if nothing differs.</summary>
    public bool Become(Period period)
    {
        if (Version > 0 && period with { Code = Code, Version = Version } == ToContract())
        {
            return false;
        }
        (Title, Level, FirstDay, LastDay) = (period.Title, period.Level, period.FirstDay, period.LastDay);
        (PhaseA, DrawAt, PhaseB, Enrolment) = (period.PhaseA, period.DrawAt, period.PhaseB, period.Enrolment);
        (GroupMinimum, GroupMaximum, Policy) = (period.GroupMinimum, period.GroupMaximum, period.Policy);
        Version++;
        return true;
    }

    /// <summary>R17: phase A is over, and the catalogue is what the draw will use.</summary>
    public bool CatalogueIsOver(DateTimeOffset now) => FrozenAt is not null || PhaseA.StateAt(now) == PhaseState.Closed;

    public void Freeze(int count, string sha256, DateTimeOffset now) => (FrozenCount, FrozenSha256, FrozenAt) = (count, sha256, now);

    public void CatalogueChanged() => CatalogueRevision++;
}

/// <summary>R31: the office changed a calendar or policy that was already in force: what, by whom and why, in public.</summary>
public sealed class CalendarOverride
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Period { get; init; }

    /// <summary>The field of the period, such as <c>phaseA.closes</c>.</summary>
    public required string Field { get; init; }
    public required string Before { get; init; }
    public required string After { get; init; }
    public required string Reason { get; init; }

    /// <summary>Account and name of who did it.</summary>
    public required string Account { get; init; }
    public required string Person { get; init; }
    public required DateTimeOffset At { get; init; }
}
