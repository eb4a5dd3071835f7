using MimeKit;

namespace EPimorfosi.Notifications.Incoming;

/// <summary>What an e-mail that came in is. Decided from the mail alone.</summary>
public abstract record IncomingMail
{
    /// <summary>Something we sent could not be delivered, or is delayed (RFC 3464).</summary>
    /// <param name="Message">Which of ours, where the report shows it.</param>
    /// <param name="Status">Such as <c>5.1.1</c> (RFC 3463).</param>
    /// <param name="Final">False while the other side still tries.</param>
    public sealed record Bounce(Guid? Message, string? Address, string Status, string Reason, bool Final) : IncomingMail
    {
        /// <summary>The address is none, or takes no mail of anybody; not so for a full box, a policy or a size.</summary>
        public bool AddressIsDead => Final && Status.StartsWith("5.", StringComparison.Ordinal) && Status.Split('.')[1] is "0" or "1" or "4";
    }

    /// <summary>The recipient's provider was told that our message is unwanted (RFC 5965).</summary>
    public sealed record Complaint(Guid? Message) : IncomingMail;

    /// <summary>A machine wrote it, and answering it would go on for ever (RFC 3834).</summary>
    public sealed record Automatic : IncomingMail;

    /// <summary>A person wrote.</summary>
    public sealed record Letter(MimeMessage Mail) : IncomingMail;

    public static IncomingMail Read(MimeMessage mail) =>
        mail.Body is MultipartReport report ? OfReport(mail, report) : IsAutomatic(mail) ? new Automatic() : new Letter(mail);

    static IncomingMail OfReport(MimeMessage mail, MultipartReport report)
    {
        var message = Reference(mail, report);
        if (report.ReportType?.Equals("feedback-report", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new Complaint(message);
        }
        if (report.OfType<MessageDeliveryStatus>().SelectMany(status => status.StatusGroups ?? []).FirstOrDefault(group => group["Action"] is not null) is not { } recipient)
        {
            return new Automatic(); // such as a notice that it was read
        }
        var action = recipient["Action"]!.Trim();
        return new Bounce(
            message, AfterType(recipient["Original-Recipient"] ?? recipient["Final-Recipient"]), Cut(recipient["Status"]?.Trim() ?? "", 20),
            Cut(AfterType(recipient["Diagnostic-Code"]) ?? action, 500), action.Equals("failed", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>From the address it came back to, from the envelope, or from what is returned of our mail.</summary>
    static Guid? Reference(MimeMessage mail, MultipartReport report) =>
        mail.To.Mailboxes.Select(to => Parse(Local(to.Address).Split('+').ElementAtOrDefault(1))).FirstOrDefault(found => found is not null)
        ?? report.OfType<MessagePart>().Select(part => part.Message is { } ours ? Parse(Local(ours.MessageId ?? "")) : null).FirstOrDefault(found => found is not null)
        ?? report.OfType<TextPart>().Where(part => part.ContentType.IsMimeType("text", "rfc822-headers")).Select(OfHeaders).FirstOrDefault(found => found is not null);

    static Guid? OfHeaders(TextPart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        content.Write("\r\n\r\n"u8);
        content.Position = 0;
        return Parse(Local(MimeMessage.Load(content).MessageId ?? ""));
    }

    public static bool IsAutomatic(MimeMessage mail) =>
        mail.Headers[HeaderId.AutoSubmitted] is { } submitted && !submitted.Trim().Equals("no", StringComparison.OrdinalIgnoreCase)
        || mail.Headers[HeaderId.Precedence]?.Trim().ToLowerInvariant() is "bulk" or "junk" or "list" or "auto_reply"
        || mail.Headers.Contains(HeaderId.ListId) || mail.Headers.Contains("X-Autoreply") || mail.Headers.Contains("X-Autorespond")
        || mail.Headers[HeaderId.ReturnPath]?.Trim() == "<>"
        || mail.From.Mailboxes.FirstOrDefault() is not { } from
        || Local(from.Address).ToUpperInvariant() is "MAILER-DAEMON" or "POSTMASTER" or "NO-REPLY" or "NOREPLY";

    static Guid? Parse(string? text) => Guid.TryParseExact(text, "N", out var id) ? id : null;

    static string Local(string address) => address.Split('@')[0].Trim('<', '>', ' ');

    /// <summary><c>rfc822; anna@example.gr</c> without the type.</summary>
    static string? AfterType(string? field) => field?[(field.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim();

    static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
