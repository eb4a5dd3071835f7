namespace EPimorfosi.Applications;

/// <summary>A period as programmes published it last.</summary>
public sealed class PeriodCopy
{
    public required string Code { get; init; }
    public required int Version { get; init; }

    /// <summary>The whole message, so that what is not asked for here is not lost.</summary>
    public required string Body { get; init; }
}

/// <summary>A programme as published last.</summary>
public sealed class ProgrammeCopy
{
    public required string Period { get; init; }
    public required string Code { get; init; }
    public required int Version { get; init; }
    public required string Body { get; init; }
}

/// <summary>Who teaches a programme: they may see its members.</summary>
public sealed class TrainersCopy
{
    public required string Period { get; init; }
    public required string Code { get; init; }
    public required int Version { get; init; }

    /// <summary>Register numbers.</summary>
    public required string[] Trainers { get; init; }
}

/// <summary>Counts the changes of a period's catalogue, so that each replica knows when its memory of it is old.</summary>
public sealed class CatalogueRevision
{
    public required string Period { get; init; }
    public required long Revision { get; init; }
}

/// <summary>A school with the nomos of its seat (R5).</summary>
public sealed class SchoolCopy
{
    public required string Code { get; init; }
    public required string Name { get; init; }
    public required string Prefecture { get; init; }
    public required string Nomos { get; init; }
}

/// <summary>A specialty with its cluster (R1, R11).</summary>
public sealed class SpecialtyCopy
{
    public required string Code { get; init; }
    public required string Title { get; init; }
    public required string Cluster { get; init; }
    public string? MainCluster { get; init; }
}
