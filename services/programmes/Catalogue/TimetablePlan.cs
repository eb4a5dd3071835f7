using System.Globalization;

namespace EPimorfosi.Programmes;

/// <summary>Where the source is silent about timetables (R3, R4 [D]): configuration, section <c>Timetable</c>.</summary>
/// <param name="SupportMeetings">Which six of the twenty slots are support meetings: spread, each after some sessions, the last at the end.</param>
/// <param name="FaceToFace">Which four of the fourteen sessions a IIa group holds at the centre.</param>
/// <param name="SchoolFrom">School hours, Monday to Friday; a slot may not overlap them.</param>
public sealed record TimetablePlan(IReadOnlySet<int> SupportMeetings, IReadOnlySet<int> FaceToFace, TimeOnly SchoolFrom, TimeOnly SchoolTo)
{
    public static TimetablePlan Default { get; } = From(new ConfigurationManager());

    /// <summary>Keys <c>SupportMeetings</c> and <c>FaceToFace</c> (numbers with commas), <c>SchoolFrom</c> and <c>SchoolTo</c> (HH:mm).</summary>
    public static TimetablePlan From(IConfiguration section) => new(
        Numbers(section, "SupportMeetings", "5,8,11,14,17,20", Timetable.SupportMeetings, Timetable.Slots),
        Numbers(section, "FaceToFace", "1,5,9,14", Timetable.FaceToFaceSessions, Timetable.Sessions),
        Time(section, "SchoolFrom", "08:00"), Time(section, "SchoolTo", "14:15"));

    public bool InSchoolHours(WeeklySlot slot) =>
        slot.Day is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
        && slot.From < SchoolTo && slot.From.ToTimeSpan() + TimeSpan.FromHours(WeeklySlot.Hours) > SchoolFrom.ToTimeSpan();

    static HashSet<int> Numbers(IConfiguration section, string key, string otherwise, int count, int highest)
    {
        var text = section[key] ?? otherwise;
        var numbers = text.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : 0).ToHashSet();
        return numbers.Count == count && numbers.All(number => number >= 1 && number <= highest)
            ? numbers
            : throw new InvalidOperationException($"Timetable:{key} must be {count} different numbers of 1 to {highest} with commas, not '{text}'.");
    }

    static TimeOnly Time(IConfiguration section, string key, string otherwise) =>
        TimeOnly.TryParseExact(section[key] ?? otherwise, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new InvalidOperationException($"Timetable:{key} must be a time such as 08:00.");
}
