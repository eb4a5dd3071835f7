namespace EPimorfosi.Notifications.Messages;

/// <summary>Ειδοποίηση: one e-mail or SMS to one recipient (R29). Stored when its event arrives; rendered and sent later.</summary>
public class Message
{
    public required Guid Id { get; init; }

    /// <summary>What happened, derived from the event's content: whatever repeats has the same key.</summary>
    public required string EventKey { get; init; }

    /// <summary>A ticket, or an account's user name.</summary>
    public required string Recipient { get; init; }
    public required Channel Channel { get; init; }
    public required MessageKind Kind { get; init; }
    public string? Period { get; init; }
    public string? Ticket { get; init; }

    /// <summary>Of the recipient, where the event itself names a teacher; else the ticket's holder is looked up when it is sent.</summary>
    public string? RegistryNumber { get; init; }

    /// <summary>Where it goes and in what language, where the event itself says so; else as the recipient's contact says.</summary>
    public string? Email { get; init; }
    public string? Language { get; init; }

    /// <summary>What the template needs, as JSON: the part of the event that is about this recipient.</summary>
    public required string Facts { get; init; }

    /// <summary>The trace of the request that caused it goes on when it is sent.</summary>
    public string? Traceparent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required MessageState State { get; init; }

    /// <summary>When a sender may take it next; moved ahead while one holds it. Null when nothing is left to do.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public int Attempts { get; init; }

    /// <summary>Why the last attempt did not succeed.</summary>
    public string? Error { get; init; }
    public string? Address { get; init; }
    public string? Subject { get; init; }

    /// <summary>The text as it was sent.</summary>
    public string? Body { get; init; }

    /// <summary>Which version of the template's wording that was.</summary>
    public int? Wording { get; init; }
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The SMS provider's own name for it, by which it reports.</summary>
    public string? ProviderId { get; init; }

    /// <summary>When it was reported as delivered, or came back.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Of an SMS: how many it was counted as, and what they cost.</summary>
    public int? Parts { get; init; }
    public decimal? Cost { get; init; }
}

public enum Channel { Email, Sms }

/// <summary>
/// <c>Skipped</c>: an SMS to somebody who gave no mobile. <c>Delivered</c>: the provider reported so. <c>Bounced</c>: it was sent and came
/// back. <c>Suppressed</c>: not sent, for nothing arrives at that address.
/// </summary>
public enum MessageState { Pending, WaitingForContact, WaitingForCatalogue, Sent, Failed, Skipped, Delivered, Bounced, Suppressed }

/// <summary>One template each.</summary>
public enum MessageKind
{
    Received, Withdrawn, Closed, Struck, Restored,
    Placed, PlacedProvisionally, RunnerUp, Unplaced,
    SeatPlaced, SeatWaiting, SeatRefused, SeatReleased, SeatPromoted,
    SeatOffered, OfferAccepted, OfferDeclined, OfferExpired,
    SeatRescued, SeatCancelled, OfferCancelled, SeatOverridden,
    EnrolmentConfirmed, EnrolmentDeclined,
    Invitation, PasswordForgotten,
    Announcement, OfficeDigest,
    QuestionToConfirm, QuestionTaken, QuestionAnswered,
    ImportFinished, ProgrammeReturned, ProgrammeApproved,
}
