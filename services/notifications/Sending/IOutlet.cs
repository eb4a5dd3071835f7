using EPimorfosi.Notifications.Messages;

namespace EPimorfosi.Notifications.Sending;

/// <summary>A way out to people: a mail server or an SMS provider. One worker uses it, one message at a time.</summary>
public interface IOutlet : IDisposable
{
    Channel Channel { get; }

    /// <summary>Makes it ready to take messages; a fault here is the outlet's and no message's.</summary>
    Task Open(CancellationToken cancel);

    /// <summary>Hands one message over; returns when the other side has taken it, with that side's own name for it if it gives one.</summary>
    Task<string?> Send(Parcel parcel, CancellationToken cancel);

    /// <summary>Whose fault it was that <see cref="Send"/> threw.</summary>
    Fault Judge(Exception thrown);
}

/// <summary>
/// <c>Temporary</c>: this message later. <c>Permanent</c>: it will never be taken. <c>Connection</c>: this message later, and the
/// others after opening again.
/// </summary>
public enum Fault { Temporary, Permanent, Connection }

/// <summary>A message ready to be handed over.</summary>
/// <param name="Reference">The same whenever this message is sent again, so that a receiver can tell a repeat.</param>
/// <param name="Unsubscribe">Where the recipient can end messages of this sort; null for what everybody must be told.</param>
public record Parcel(string Reference, string Address, string Name, string Language, string Subject, string Text, Uri? Unsubscribe = null)
{
    /// <summary>Where an answer goes, if there is one to be read; and the thread it belongs to, for the reader's mail program.</summary>
    public string? ReplyTo { get; init; }
    public string? Thread { get; init; }
}
