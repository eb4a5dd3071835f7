using System.Text.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Contracts.Imports;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Recipients;

namespace EPimorfosi.Notifications.Sending;

/// <summary>A message taken for sending, with its recipient if known by now.</summary>
public record DueMessage(
    Guid Id, string EventKey, string Recipient, Channel Channel, MessageKind Kind, string? Period, string FactsJson, string? Traceparent,
    int Attempts, Person? Person, bool SentBefore = false)
{
    /// <summary>It came back, and what it was for is gone: without its link it is not sent again.</summary>
    public bool IsSpent => SentBefore && Kind.HoldsSecret();

    /// <summary>What of the letter is not kept; null for nothing.</summary>
    public string? Secret => Facts switch
    {
        InvitationIssued invitation => invitation.Link,
        PasswordForgotten asked => asked.Link,
        QuestionFacts question => question.Secret,
        _ => null,
    };

    /// <summary>The part of the event that is about the recipient, in the contract's shape.</summary>
    public object Facts { get; } = Kind switch
    {
        MessageKind.Received or MessageKind.Withdrawn or MessageKind.Closed => Read<ApplicationVersion>(FactsJson),
        MessageKind.Struck or MessageKind.Restored => Read<ApplicationStruck>(FactsJson),
        MessageKind.Placed or MessageKind.PlacedProvisionally or MessageKind.RunnerUp or MessageKind.Unplaced => Read<Outcome>(FactsJson),
        MessageKind.SeatPlaced or MessageKind.SeatWaiting or MessageKind.SeatRefused or MessageKind.SeatReleased
            or MessageKind.SeatPromoted or MessageKind.SeatOffered or MessageKind.OfferAccepted or MessageKind.OfferDeclined
            or MessageKind.OfferExpired or MessageKind.SeatRescued or MessageKind.SeatCancelled or MessageKind.OfferCancelled or MessageKind.SeatOverridden => Read<SeatDecision>(FactsJson),
        MessageKind.EnrolmentConfirmed or MessageKind.EnrolmentDeclined => Read<EnrolmentAnswered>(FactsJson),
        MessageKind.Invitation => Read<InvitationIssued>(FactsJson),
        MessageKind.PasswordForgotten => Read<PasswordForgotten>(FactsJson),
        MessageKind.Announcement => Read<AnnouncementFacts>(FactsJson),
        MessageKind.OfficeDigest => Read<DigestFacts>(FactsJson),
        MessageKind.QuestionToConfirm or MessageKind.QuestionTaken or MessageKind.QuestionAnswered => Read<QuestionFacts>(FactsJson),
        MessageKind.ImportFinished => Read<ImportFinished>(FactsJson),
        MessageKind.ProgrammeReturned => Read<ProgrammeReturned>(FactsJson),
        MessageKind.ProgrammeApproved => Read<ProgrammeApproved>(FactsJson),
        _ => throw new NotSupportedException($"{Kind} has no facts."),
    };

    /// <summary>The programmes its letter names.</summary>
    public IEnumerable<string> Programmes => Facts switch
    {
        ApplicationVersion application => application.Preferences,
        Outcome outcome => outcome.Choices.Select(c => c.Programme).Concat(outcome.Programme is { } seat ? [seat] : []),
        SeatDecision { Programme: { } programme } => [programme],
        EnrolmentAnswered answer => [answer.Programme],
        _ => [],
    };

    /// <summary>The same whenever it is sent and by whichever replica: a message is stored once (R29).</summary>
    public string Reference => Id.ToString("N");

    static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Outbox.Json)!;
}

/// <summary>Who is written to. The names are empty for the owner of an account that is nobody's in the teachers' register.</summary>
/// <param name="Suppressed">Nothing arrives at the address.</param>
public record Person(string FirstName, string LastName, string? Email, string? Mobile, string Language, bool Suppressed = false)
{
    /// <summary>When not to be disturbed by what can wait.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>Null for who is in no register.</summary>
    public string? RegistryNumber { get; init; }

    public string? Address(Channel channel) => channel == Channel.Email ? Email : Mobile;
}
