namespace EPimorfosi.Gateway.Imports;

/// <summary>A file of the office on its way in: looked at first, then imported or given up.</summary>
public sealed class ImportRun
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>One of <see cref="ImportKinds"/>.</summary>
    public required string Kind { get; init; }
    public string? Period { get; init; }
    public required string FileName { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Gzip; null once it is no longer needed, for it names persons.</summary>
    public byte[]? Content { get; set; }
    public required string Account { get; init; }
    public required string Person { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public ImportState State { get; set; }

    /// <summary>Only the sound lines were taken.</summary>
    public bool Partial { get; set; }

    /// <summary>Bytes that the service has read.</summary>
    public long Read { get; set; }

    /// <summary>The last sign of life of who sends it; a run that says nothing for long has been interrupted.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>The service's report, as JSON; null before, and if it refused the file as a whole.</summary>
    public string? Report { get; set; }

    /// <summary>Why the service refused.</summary>
    public string? Problem { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    public bool IsUnderWay => State is ImportState.Checking or ImportState.Importing;
}

/// <summary><c>Checked</c> waits for a word; <c>Done</c>, <c>Refused</c> and <c>GivenUp</c> are ends.</summary>
public enum ImportState { Checking, Checked, Importing, Done, Refused, GivenUp }

/// <summary>What can be imported, and where each goes.</summary>
static class ImportKinds
{
    internal sealed record Kind(string Name, string Service, string Path, bool OfPeriod, string Columns);

    internal static readonly Kind[] All =
    [
        new("schools", "Programmes", "api/reference/schools/import", false, "school_code,name_el,type_el,level,municipality_el,prefecture_code,locality_basis"),
        new("programmes", "Programmes", "api/programmes/import", true, "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures"),
        new("teachers", "Applications", "api/teachers/import", false, "registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2"),
        new("applications", "Applications", "api/applications/import", true, "registry_number,rank,programme"),
    ];

    internal static Kind? Of(string? name) => All.FirstOrDefault(kind => kind.Name == name);
}
