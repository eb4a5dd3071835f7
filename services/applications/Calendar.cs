using System.Globalization;
using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Applications;

/// <summary>Time by the rules: UTC inside, Athens for people, deadlines inclusive to the second (R30).</summary>
public static class Calendar
{
    static readonly TimeZoneInfo Athens = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");

    /// <summary>Now in UTC, to the microsecond, which is what PostgreSQL keeps.</summary>
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }

    public static bool IsOpen(this Phase phase, DateTimeOffset now) => now >= phase.Opens && !phase.IsOver(now);

    /// <summary>The whole of the closing second still belongs to the phase.</summary>
    public static bool IsOver(this Phase phase, DateTimeOffset now)
    {
        var whole = phase.Closes.Ticks % TimeSpan.TicksPerSecond == 0;
        return whole ? now >= phase.Closes.AddSeconds(1) : now > phase.Closes;
    }

    /// <summary>As people in Greece read it, such as 20/01/2023 23:59:59.</summary>
    public static string InAthens(this DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, Athens).ToString("dd/MM/yyyy HH:mm:ss", CultureInfo.InvariantCulture);
}
