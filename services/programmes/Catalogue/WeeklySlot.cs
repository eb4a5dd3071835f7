using System.Globalization;

namespace EPimorfosi.Programmes;

/// <summary>Τρίωρο: a weekly time of three hours, written <c>Tue 17:00</c>.</summary>
public readonly record struct WeeklySlot(DayOfWeek Day, TimeOnly From) : IComparable<WeeklySlot>
{
    public const int Hours = 3;

    static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>Minutes from Monday 00:00: the order of the week.</summary>
    int Start => ((int)Day + 6) % 7 * 24 * 60 + From.Hour * 60 + From.Minute;

    public bool EndsSameDay => From.Hour * 60 + From.Minute + Hours * 60 <= 24 * 60;

    public bool Overlaps(WeeklySlot other) => Math.Abs(Start - other.Start) < Hours * 60;

    public static bool TryParse(string text, out WeeklySlot slot)
    {
        slot = default;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var day = parts.Length == 2 ? Array.FindIndex(Days, name => name.Equals(parts[0], StringComparison.OrdinalIgnoreCase)) : -1;
        if (day < 0 || !TimeOnly.TryParseExact(parts[1], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
        {
            return false;
        }
        slot = new((DayOfWeek)day, from);
        return true;
    }

    public int CompareTo(WeeklySlot other) => Start.CompareTo(other.Start);

    public override string ToString() => $"{Days[(int)Day]} {From.ToString("HH:mm", CultureInfo.InvariantCulture)}";

    public static bool operator <(WeeklySlot left, WeeklySlot right) => left.CompareTo(right) < 0;
    public static bool operator >(WeeklySlot left, WeeklySlot right) => left.CompareTo(right) > 0;
    public static bool operator <=(WeeklySlot left, WeeklySlot right) => left.CompareTo(right) <= 0;
    public static bool operator >=(WeeklySlot left, WeeklySlot right) => left.CompareTo(right) >= 0;
}
