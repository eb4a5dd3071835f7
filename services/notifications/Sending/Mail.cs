using EPimorfosi.Notifications.Templates;
using MimeKit;
using MimeKit.Cryptography;
using MimeKit.Text;

namespace EPimorfosi.Notifications.Sending;

/// <summary>A parcel as an e-mail: both texts, the headers that machines read, and the signature (DKIM).</summary>
public sealed class Mail(SmtpOptions options)
{
    static readonly ParserOptions Strict = new() { AddressParserComplianceMode = RfcComplianceMode.Strict, AllowAddressesWithoutDomain = false };
    static readonly HeaderId[] Signed =
    [
        HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId, HeaderId.ReplyTo, HeaderId.InReplyTo, HeaderId.References,
        HeaderId.MimeVersion, HeaderId.ContentType, HeaderId.ListUnsubscribe, HeaderId.ListUnsubscribePost, HeaderId.AutoSubmitted,
    ];

    readonly MailboxAddress from = MailboxAddress.Parse(options.From);
    readonly DkimSigner? signer = options.Dkim is { Domain: { } domain, Selector: { } selector, KeyFile: { } key }
        ? new(key, domain, selector)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
        }
        : null;

    /// <summary>Where it comes back to if it can't be delivered: by that address it is known which it was.</summary>
    public MailboxAddress ReturnPath(Parcel parcel) => options.ReturnPath is { } path && path.Split('@') is [var local, var domain]
        ? new("", $"{local}+{parcel.Reference}@{domain}")
        : from;

    public MimeMessage Of(Parcel parcel)
    {
        var mail = new MimeMessage
        {
            MessageId = $"{parcel.Reference}@{from.Domain}",
            Subject = OneLine(parcel.Subject),
            Body = new MultipartAlternative(
                new TextPart(TextFormat.Plain) { Text = parcel.Text },
                new TextPart(TextFormat.Html) { Text = Html.Of(parcel.Text, parcel.Language) }),
        };
        mail.From.Add(from.Clone()); // an address holds on to every list that it is in
        var to = MailboxAddress.Parse(Strict, OneLine(parcel.Address));
        mail.To.Add(new MailboxAddress(OneLine(parcel.Name), to.Address));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated"); // RFC 3834: out-of-office replies keep quiet
        if (parcel.ReplyTo is { } answers)
        {
            mail.ReplyTo.Add(new MailboxAddress(from.Name, answers));
        }
        if (parcel.Thread is { } thread)
        {
            mail.References.Add($"{thread}@{from.Domain}");
        }
        if (parcel.Unsubscribe is { } unsubscribe)
        {
            mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
            mail.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click"); // RFC 8058
        }
        if (signer is not null)
        {
            mail.Prepare(EncodingConstraint.SevenBit);
            signer.Sign(mail, [.. Signed.Where(mail.Headers.Contains)]);
        }
        return mail;
    }

    /// <summary>What came from people never opens a header line of its own.</summary>
    static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
}
