namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>Ερώτημα: what somebody asks the help desk, with all that is said about it (R29).</summary>
public class Question
{
    public required Guid Id { get; init; }

    /// <summary>As people name it.</summary>
    public long Number { get; init; }
    public required string Subject { get; init; }
    public required string Category { get; set; }
    public required QuestionState State { get; set; }

    /// <summary>Of the office: who sees to it.</summary>
    public string? Owner { get; set; }

    /// <summary>Of the teacher who asked while signed in; null for a guest.</summary>
    public string? RegistryNumber { get; init; }
    public required string Name { get; init; }
    public required string Email { get; init; }
    public required string Language { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset? FirstAnsweredAt { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary><c>Unconfirmed</c>: a guest has not yet followed the link to their address, and the office does not see it.</summary>
public enum QuestionState { Unconfirmed, Open, Answered, Closed }

/// <summary>One thing said in a thread.</summary>
public class Entry
{
    public required Guid Id { get; init; }
    public required Guid Question { get; init; }
    public required bool FromOffice { get; init; }
    public required string Author { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The Message-ID of the mail it came by: the same mail again says nothing new.</summary>
    public string? MailId { get; init; }
}

/// <summary>A file in a thread; it has passed <see cref="AttachmentCheck"/> and the scanner, if there is one.</summary>
public class Attachment
{
    public required Guid Id { get; init; }
    public required Guid Question { get; init; }
    public required Guid Entry { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required byte[] Content { get; init; }
}

/// <summary>An answer that is given often.</summary>
public class CannedAnswer
{
    public required Guid Id { get; init; }
    public required string Title { get; init; }
    public required string Text { get; init; }
}

/// <summary>Of a message about a question.</summary>
/// <param name="Secret">The word that opens the thread; it goes from the row once the message is sent.</param>
public record QuestionFacts(Guid Id, long Number, string Subject, string? Answer, string? Secret);
