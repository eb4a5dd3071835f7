using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Programmes;

/// <summary>Where a phase stands on the server's clock.</summary>
public enum PhaseState { Upcoming, Open, Closed }

/// <summary>Time by the rules: UTC inside, deadlines inclusive to the second (R30).</summary>
public static class Calendar
{
    /// <summary>Now in UTC, to the microsecond, which is what PostgreSQL keeps.</summary>
    public static DateTimeOffset Now(this TimeProvider time) => time.GetUtcNow().ToMicrosecond();

    public static DateTimeOffset ToMicrosecond(this DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>The whole of a closing second still belongs to the phase; a boundary moved to an instant within a second is that instant.</summary>
    public static PhaseState StateAt(this Phase phase, DateTimeOffset now) =>
        now < phase.Opens ? PhaseState.Upcoming : IsOver(phase.Closes, now) ? PhaseState.Closed : PhaseState.Open;

    /// <summary>A closing time by which a phase that is open now is over now.</summary>
    public static DateTimeOffset JustBefore(DateTimeOffset now)
    {
        var closes = now.AddMicroseconds(-1);
        return closes.Ticks % TimeSpan.TicksPerSecond == 0 ? closes.AddMicroseconds(-1) : closes;
    }

    static bool IsOver(DateTimeOffset closes, DateTimeOffset now) =>
        closes.Ticks % TimeSpan.TicksPerSecond == 0 ? now >= closes.AddSeconds(1) : now > closes;
}
