namespace EPimorfosi.Applications;

/// <summary>Εκπαιδευτικός: the person who applies, as the office's file says.</summary>
public sealed class Teacher
{
    public required string RegistryNumber { get; init; }

    /// <summary>Grows with each change, so that the newest contact wins elsewhere.</summary>
    public required int Version { get; init; }
    public required string FirstName { get; init; }
    public required string LastName { get; init; }
    public required string Email { get; init; }

    /// <summary>Null for no SMS (R29).</summary>
    public string? Mobile { get; init; }
    /// <summary>When the teacher corrected their own contacts (R29): from then on the office's file does not change them unasked. Null for the file's.</summary>
    public DateTimeOffset? ContactsCorrectedAt { get; init; }

    /// <summary>When the teacher had their account and contacts erased; the file brings them back.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
    public required string Specialty { get; init; }

    /// <summary>School codes, sorted; <c>EXT</c> for a school abroad (R5).</summary>
    public required string[] Schools { get; init; }

    /// <summary><c>el</c> or <c>en</c>.</summary>
    public required string Language { get; init; }
    public required bool TeachingNow { get; init; }
    public required bool B1Certified { get; init; }

    /// <summary>R10: B-level training at a centre, 96 h.</summary>
    public required bool PriorBLevel { get; init; }

    /// <summary>R10: trainer training at a PAKE, 380 h.</summary>
    public required bool PriorPake { get; init; }

    /// <summary>R10: B2 itself.</summary>
    public required bool PriorB2 { get; init; }
}
