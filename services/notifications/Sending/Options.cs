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
}

/// <summary>The SMS provider; off while <see cref="Url"/> is absent. See <see cref="SmsOutlet"/> for the request.</summary>
public class SmsOptions
{
    public Uri? Url { get; init; }
    public string? Token { get; init; }
    public string Sender { get; init; } = "ePimorfosi";
}

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
}
