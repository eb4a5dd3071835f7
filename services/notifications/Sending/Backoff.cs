namespace EPimorfosi.Notifications.Sending;

/// <summary>How long to wait after the n-th failure in a row: doubled each time, and scattered so that not all come back at once.</summary>
public static class Backoff
{
    /// <param name="failures">From 1.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest, double jitter)
    {
        var wait = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Clamp(failures - 1, 0, 30)));
        return TimeSpan.FromSeconds(wait * (0.5 + jitter / 2));
    }
}
