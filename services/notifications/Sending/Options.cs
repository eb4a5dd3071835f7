namespace EPimorfosi.Notifications.Sending;

/// <summary>The mail server. <c>UseTls</c>: STARTTLS, or TLS from the first byte on port 465; without it, in the clear (a catcher on loopback).</summary>
public class SmtpOptions
{
    public string Host { get; init; } = "localhost";
    public int Port { get; init; } = 25;
    public string? User { get; init; }
    public string? Password { get; init; }
    public bool UseTls { get; init; }

    /// <summary>As in a header: <c>ePimorfosi &lt;no-reply@example.gr&gt;</c>.</summary>
    public string From { get; init; } = "ePimorfosi <no-reply@localhost>";

    /// <summary>
    /// Where what could not be delivered comes back to, such as <c>bounces@example.gr</c>; each message gets its own
    /// <c>bounces+reference@example.gr</c>. Without it bounces go to <see cref="From"/>.
    /// </summary>
    public string? ReturnPath { get; init; }

    public DkimOptions Dkim { get; init; } = new();
}

/// <summary>DKIM (RFC 6376); mail is signed where all three are given.</summary>
public class DkimOptions
{
    public string? Domain { get; init; }
    public string? Selector { get; init; }

    /// <summary>The private key, PEM.</summary>
    public string? KeyFile { get; init; }
}

/// <summary>The SMS provider; off while <see cref="Url"/> is absent. See <see cref="SmsOutlet"/> for the requests.</summary>
public class SmsOptions
{
    public Uri? Url { get; init; }
    public SmsShape Shape { get; init; }

    /// <summary>With <see cref="SmsShape.Form"/>, the account for basic authentication; <see cref="Token"/> is then its password.</summary>
    public string? Account { get; init; }
    public string? Token { get; init; }
    public string Sender { get; init; } = "ePimorfosi";

    /// <summary>The secret that delivery reports of <see cref="SmsShape.Json"/> are signed with; those of <see cref="SmsShape.Form"/> are signed with the token.</summary>
    public string? ReportSecret { get; init; }

    /// <summary>For the office's account of costs; 0 for unknown.</summary>
    public decimal PricePerPart { get; init; }
    public string Currency { get; init; } = "EUR";
}

/// <summary>How the provider is spoken to.</summary>
public enum SmsShape { Json, Form }

/// <summary>How messages are sent.</summary>
public class SendingOptions
{
    /// <summary>Workers of a replica, each with one kept-open connection to the mail server.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Messages taken at once by a worker.</summary>
    public int Batch { get; init; } = 200;

    /// <summary>For how long they are its own; if it dies, another takes them after that.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest time for one message.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the message under way gets of it once the process is asked to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Wait when nothing is due.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Wait after a first temporary failure; doubled after each further one, up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After so many a message counts as failed: about a day with the defaults.</summary>
    public int MaxAttempts { get; init; } = 30;

    /// <summary>How long, at most, until a message looks again for a contact or programme that is not known; it is also woken when one arrives.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Messages sent whose mark is not yet committed, per worker. If the process dies just then, at most these go out twice,
    /// with the same Message-ID.
    /// </summary>
    public int Unmarked { get; init; } = 16;

    /// <summary>Messages a second, of all replicas together; 0 for no limit. It may be less than one.</summary>
    public double EmailPerSecond { get; init; }
    public double SmsPerSecond { get; init; }

    /// <summary>The same for each domain of recipients, and for those that are named, such as <c>gmail.com</c>.</summary>
    public double DomainPerSecond { get; init; }
    public Dictionary<string, double> Domains { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>When somebody's contacts are corrected, failed messages of so long go out again.</summary>
    public TimeSpan Resend { get; init; } = TimeSpan.FromDays(30);
}
