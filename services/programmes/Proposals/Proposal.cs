using System.Globalization;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Programmes;

/// <summary>Εκδήλωση ενδιαφέροντος: a programme that a centre proposes in answer to the call, for the office to approve or to return with a reason (R6).</summary>
public sealed class Proposal
{
    public required Guid Id { get; init; }
    public required string Period { get; init; }

    /// <summary>School code of the centre.</summary>
    public required string Centre { get; init; }

    /// <summary>Of the programme that it becomes.</summary>
    public required string Code { get; init; }

    /// <summary>Grows with each change and each answer.</summary>
    public int Version { get; private set; }
    public ProposalState State { get; private set; }
    public string CentreName { get; private set; } = "";

    /// <summary>The programme as a line of the programmes' file, in the order of <see cref="ProgrammeChecks.Columns"/>.</summary>
    public string[] Line { get; private set; } = [];

    /// <summary>Where the centre is told what became of it, and in what language.</summary>
    public string Email { get; private set; } = "";
    public string Language { get; private set; } = "el";
    public string ProposedBy { get; private set; } = "";
    public DateTimeOffset ProposedAt { get; private set; }

    /// <summary>Why it was returned last; kept once it is mended, so that the office sees what was asked for.</summary>
    public string? Reason { get; private set; }
    public string? AnsweredBy { get; private set; }
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Folded text that <c>q</c> is looked for in.</summary>
    public string Search { get; private set; } = "";

    /// <summary>By column of the programmes' file.</summary>
    public string this[string column] => Line[Array.IndexOf(ProgrammeChecks.Columns, column)];

    /// <summary>The centre may still change it, and take it back.</summary>
    public bool IsOpen => State is ProposalState.Proposed or ProposalState.Returned;

    /// <summary>As a line that is checked; it has no number.</summary>
    public CsvRow Row => new(0, ProgrammeChecks.Columns, Line);

    /// <summary>Proposed, or proposed again.</summary>
    public void Propose(ProgrammeDraft draft, string email, string language, string by, DateTimeOffset now)
    {
        (State, CentreName, Line) = (ProposalState.Proposed, draft.Centre.NameEl, Values(draft));
        (Email, Language, ProposedBy, ProposedAt) = (email, language, by, now);
        Search = SearchText.Fold(Code, draft.Title, CentreName);
        Version++;
    }

    public void Withdraw()
    {
        State = ProposalState.Withdrawn;
        Version++;
    }

    public ProgrammeApproved Approve(string by, DateTimeOffset now)
    {
        Answer(ProposalState.Approved, by, now);
        return new(Id, Period, Code, this["title"], CentreName, Email, Language, now);
    }

    public ProgrammeReturned Return(string reason, string by, DateTimeOffset now)
    {
        Reason = reason;
        Answer(ProposalState.Returned, by, now);
        return new(Guid.CreateVersion7(), Period, Code, this["title"], CentreName, Email, Language, reason, now);
    }

    void Answer(ProposalState state, string by, DateTimeOffset now)
    {
        (State, AnsweredBy, AnsweredAt) = (state, by, now);
        Version++;
    }

    static string[] Values(ProgrammeDraft draft) =>
    [
        draft.Code, draft.Cluster, draft.Category, draft.Centre.Code, draft.Title, Number(draft.Minimum), Number(draft.Maximum),
        draft.StartsOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), string.Join('|', draft.Slots), string.Join('|', draft.Trainers), string.Join('|', draft.ExtraPrefectures),
    ];

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// <c>Proposed</c>: the office's turn. <c>Returned</c>: the centre's. <c>Approved</c>: a programme, published. <c>Withdrawn</c>: taken back by the centre.
/// </summary>
public enum ProposalState { Proposed, Returned, Approved, Withdrawn }
