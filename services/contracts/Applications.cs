namespace EPimorfosi.Contracts.Applications;

/// <summary>A teacher had their contacts erased: whatever else is kept of where they are reached, and of what was sent there, goes too.</summary>
/// <param name="Version">As that of a contact: a newer contact stands.</param>
[ConsumedBy("notifications")]
public record TeacherErased(string RegistryNumber, int Version);

/// <summary>Teachers' names and contacts as they now stand, at most 500 a message; the highest version of each wins.</summary>
[ConsumedBy("notifications")]
public record TeachersChanged(IReadOnlyList<Contact> Contacts);

/// <param name="Mobile">Null where none was given: then there is no SMS (R29).</param>
/// <param name="Language"><c>el</c> or <c>en</c>.</param>
public record Contact(string RegistryNumber, int Version, string FirstName, string LastName, string Email, string? Mobile, string Language);

/// <summary>Whose ticket it is; only notifications may know. At most 500 a message.</summary>
[ConsumedBy("notifications")]
public record TicketsIssued(string Period, IReadOnlyList<TicketHolder> Holders);

public record TicketHolder(string Ticket, string RegistryNumber);

/// <summary>
/// Versions of applications were stored (R15): at most 500 a message, each the whole application; the highest version of a ticket wins.
/// No person is named: a ticket is all that allocation knows.
/// </summary>
[ConsumedBy("allocation", "notifications")]
public record ApplicationsReceived(string Period, IReadOnlyList<ApplicationVersion> Applications);

/// <param name="Preferences">Programme codes in rank order.</param>
/// <param name="Withdrawn">True if this version takes the application back; the list is then empty.</param>
/// <param name="Digest">SHA-256, lower-case hex, of the line the receipt shows.</param>
public record ApplicationVersion(
    string Ticket, int Version, string Cluster, IReadOnlyList<string> Preferences, bool Withdrawn, DateTimeOffset ReceivedAt, string Digest);

/// <summary>Phase A closed: the list as it stands. Count and SHA-256 are of <c>applications.txt</c> (R17).</summary>
[ConsumedBy("allocation", "notifications")]
public record ApplicationsFrozen(string Period, int Count, string Sha256, DateTimeOffset FrozenAt);

/// <summary>
/// Allocation's book differs from the frozen list. For each bucket (the first two characters of the ticket) that differs from its own,
/// applications publishes all its applications again, withdrawn ones too; an empty list asks for all.
/// </summary>
[ConsumedBy("applications")]
public record CompareBooks(string Period, IReadOnlyList<BucketDigest> Buckets);

/// <param name="Sha256">Of the bucket's lines of <c>applications.txt</c>, each with its LF.</param>
public record BucketDigest(string Bucket, int Count, string Sha256);

/// <summary>
/// Everything that moves seats in phase B, in one gapless order per period: a batch is one commit of the service (R23).
/// Decided strictly by <see cref="SeatRequest.Order"/>.
/// </summary>
[ConsumedBy("allocation")]
public record SeatRequestsAccepted(string Period, IReadOnlyList<SeatRequest> Requests);

/// <param name="Order">Gapless from 1 over all requests of the period.</param>
/// <param name="Sequence">The claim sequence, gapless from 1 over claims; null for all else.</param>
/// <param name="Preferences">A claim's programme codes in rank order; the one programme of an offer; empty for a release.</param>
public record SeatRequest(
    long Order, long? Sequence, SeatRequestKind Kind, string Ticket, IReadOnlyList<string> Preferences, DateTimeOffset AcceptedAt);

/// <summary>
/// <c>Accept</c>, <c>Decline</c> and <c>Expire</c> end an offer (R25): each offer is ended by one of them. <c>Rescue</c> is the last thing that phase B
/// does (R27): it is nobody's, so its ticket is <c>-</c>.
/// </summary>
public enum SeatRequestKind { Claim, Release, Accept, Decline, Expire, Rescue }

/// <summary>An enrolment was confirmed or declined (R28). A decline also gives the seat up by a release.</summary>
[ConsumedBy("notifications")]
public record EnrolmentAnswered(string Period, string Ticket, string Programme, bool Confirmed, DateTimeOffset At);
