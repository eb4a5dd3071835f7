namespace EPimorfosi.Programmes;

/// <summary>
/// Ωρολόγιο πρόγραμμα (R3): 60 teaching hours in 20 three-hour slots within 15 weeks, one or two a week, outside school hours. Fourteen are a
/// session of 2 hours with 1 hour of asynchronous work, six a support meeting of 3 hours.
/// </summary>
public static class Timetable
{
    public const int Sessions = 14;
    public const int SupportMeetings = 6;
    public const int Slots = Sessions + SupportMeetings;
    public const int Hours = Slots * WeeklySlot.Hours;
    public const int Weeks = 15;
    public const int MostAWeek = 2;

    /// <summary>R4: sessions of a IIa group at the centre; the others are online.</summary>
    public const int FaceToFaceSessions = 4;

    /// <summary>The first twenty weekly times from <paramref name="startsOn"/>, within 15 weeks and by <paramref name="lastDay"/>.</summary>
    public static IReadOnlyList<Meeting> Expand(string category, DateOnly startsOn, IReadOnlyCollection<WeeklySlot> weekly, DateOnly lastDay, TimetablePlan plan)
    {
        var meetings = new List<Meeting>(Slots);
        var session = 0;
        for (var day = 0; day < Weeks * 7; day++)
        {
            var date = startsOn.AddDays(day);
            foreach (var slot in weekly.Where(slot => slot.Day == date.DayOfWeek && date <= lastDay).Order().Take(Slots - meetings.Count))
            {
                var (number, week) = (meetings.Count + 1, day / 7 + 1);
                if (plan.SupportMeetings.Contains(number))
                {
                    meetings.Add(new(number, week, date, slot.From, MeetingKind.SupportMeeting, LiveHours: 3, AsynchronousHours: 0, FaceToFace: false));
                    continue;
                }
                session++;
                meetings.Add(new(number, week, date, slot.From, MeetingKind.Session, LiveHours: 2, AsynchronousHours: 1,
                    FaceToFace: category == Category.IIa && plan.FaceToFace.Contains(session)));
            }
        }
        return meetings;
    }

    /// <summary>All that R3 has against a timetable; nothing for a sound one.</summary>
    public static IEnumerable<Fault> Faults(string category, DateOnly startsOn, IReadOnlyList<WeeklySlot> weekly, DateOnly firstDay, DateOnly lastDay, TimetablePlan plan)
    {
        if (weekly.Count is 0 or > MostAWeek)
        {
            yield return new("slots", "R3", "SlotsAWeek", weekly.Count);
            yield break;
        }
        foreach (var slot in weekly.Where(plan.InSchoolHours))
        {
            yield return new("slots", "R3", "SchoolHours", slot, plan.SchoolFrom, plan.SchoolTo);
        }
        foreach (var slot in weekly.Where(slot => !slot.EndsSameDay))
        {
            yield return new("slots", "R3", "PastMidnight", slot);
        }
        if (weekly.Count == MostAWeek && weekly[0].Overlaps(weekly[1]))
        {
            yield return new("slots", "R3", "Overlap", weekly[0], weekly[1]);
        }
        if (startsOn < firstDay || startsOn > lastDay)
        {
            yield return new("starts_on", "R3", "OutsidePeriod", startsOn, firstDay, lastDay);
        }
        else if (Expand(category, startsOn, weekly, lastDay, plan) is { Count: < Slots and var made } meetings)
        {
            var inFullWeeks = Expand(category, startsOn, weekly, DateOnly.MaxValue, plan).Count;
            yield return inFullWeeks < Slots
                ? new("slots", "R3", "TooFewHours", weekly.Count, inFullWeeks, inFullWeeks * WeeklySlot.Hours, (Slots - inFullWeeks) * WeeklySlot.Hours)
                : new("starts_on", "R3", "EndsTooLate", lastDay, made, meetings.Sum(meeting => meeting.Hours), Hours - meetings.Sum(meeting => meeting.Hours));
        }
    }
}

/// <summary>R4: how much of a programme is at the centre.</summary>
public static class Category
{
    /// <summary>Four of the fourteen sessions face to face.</summary>
    public const string IIa = "IIa";

    /// <summary>All online.</summary>
    public const string IIb = "IIb";
}

/// <summary>What a slot is used for.</summary>
public enum MeetingKind { Session, SupportMeeting }

/// <summary>One of the twenty slots of a timetable; times are of Athens.</summary>
/// <param name="Number">From 1 to 20.</param>
/// <param name="Week">From 1 to 15, counted from the programme's first day.</param>
/// <param name="LiveHours">Teaching hours together.</param>
/// <param name="AsynchronousHours">Teaching hours of asynchronous work that go with it.</param>
/// <param name="FaceToFace">At the centre; else online.</param>
public sealed record Meeting(int Number, int Week, DateOnly Date, TimeOnly From, MeetingKind Kind, int LiveHours, int AsynchronousHours, bool FaceToFace)
{
    public int Hours => LiveHours + AsynchronousHours;
}
