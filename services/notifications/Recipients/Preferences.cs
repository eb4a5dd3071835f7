namespace EPimorfosi.Notifications.Recipients;

/// <summary>How a teacher would rather be told. What everybody must be told goes out by e-mail whatever is chosen here (R29).</summary>
public class Preferences
{
    /// <summary>For an account that is in no register, <see cref="KnownAccount.Key"/>.</summary>
    public required string RegistryNumber { get; init; }

    /// <summary><c>el</c> or <c>en</c>; null for the register's.</summary>
    public string? Language { get; set; }
    public bool Sms { get; set; } = true;

    /// <summary>Announcements by e-mail.</summary>
    public bool Announcements { get; set; } = true;
    public TimeOnly? QuietFrom { get; set; }
    public TimeOnly? QuietTo { get; set; }
}

/// <summary>From one time of day in Athens to another, perhaps over midnight.</summary>
public record QuietHours(TimeOnly From, TimeOnly To)
{
    static readonly TimeZoneInfo Athens = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");

    /// <summary>When they are over, if it is quiet at <paramref name="now"/>; else null.</summary>
    public DateTimeOffset? EndsAfter(DateTimeOffset now)
    {
        var here = TimeZoneInfo.ConvertTime(now, Athens);
        var time = TimeOnly.FromDateTime(here.DateTime);
        if (From == To || !time.IsBetween(From, To))
        {
            return null;
        }
        var end = here.Date + To.ToTimeSpan();
        end = end <= here.DateTime ? end.AddDays(1) : end;
        end = Athens.IsInvalidTime(end) ? end.AddHours(1) : end; // the hour that summer time skips
        return new DateTimeOffset(end, Athens.GetUtcOffset(end)).ToUniversalTime();
    }
}
