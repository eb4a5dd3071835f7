namespace EPimorfosi.Programmes;

/// <summary>Συστάδα: a group of specialties (R1).</summary>
public sealed record Cluster(string Code, string CodeEl, string TitleEl, string TitleEn, string SpecialtiesEl);

/// <summary>Νομός and Διεύθυνση Εκπαίδευσης: the level at which locality is decided (R5).</summary>
/// <param name="NomosCode">Groups the directorates of one nomos.</param>
public sealed record Prefecture(string Code, string NameEl, string NameEn, string NomosCode, string NomosEl, string RegionEl)
{
    /// <summary>The code of schools abroad: no centre there, and no locality (R5).</summary>
    public const string Abroad = "EXT";
}

/// <summary>Κλάδος - ειδικότητα: a teacher's branch.</summary>
/// <param name="MainCluster">R11: for special education, the main specialty's cluster where it is known.</param>
/// <param name="Status"><c>current</c> or <c>legacy</c>.</param>
/// <param name="Uncertainty">How sure the data is of the cluster: low, medium, high.</param>
public sealed record Specialty(string Code, string TitleEl, string ClusterCode, string? MainCluster, string Status, string? SuccessorCode, string? AliasCode, string Uncertainty);

/// <summary>Public school unit: a workplace, and a candidate centre (R6).</summary>
public sealed record School(string Code, string NameEl, string TypeEl, string Level, string? MunicipalityEl, string PrefectureCode, string NomosCode);

/// <summary>The reference data that this database holds.</summary>
public sealed class ReferenceEdition
{
    public const int TheOnly = 1;

    public int Id { get; init; } = TheOnly;

    /// <summary>SHA-256 of the four files and of how they are read.</summary>
    public required string Digest { get; set; }

    public required DateTimeOffset LoadedAt { get; set; }

    /// <summary>Counts the office's own imports since.</summary>
    public int Revision { get; set; }
}
