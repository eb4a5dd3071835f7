using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>R3 of a timetable as it stands: how many hours of each kind, of how many, until when, and all that is wrong.</summary>
public sealed record TimetableSum(
    int Sessions, int SupportMeetings, int LiveHours, int AsynchronousHours, int Hours, int HoursNeeded, int FaceToFace, int Weeks, DateOnly? LastMeeting, IReadOnlyList<TimetableFault> Faults)
{
    internal static TimetableSum Of(string category, TimetableRequest request, DateOnly firstDay, DateOnly lastDay, TimetablePlan plan, IStringLocalizer<Texts> text)
    {
        var (slots, faults) = Check(category, request, firstDay, lastDay, plan);
        IReadOnlyList<Meeting> meetings = slots.Count is 0 or > Timetable.MostAWeek ? [] : Timetable.Expand(category, request.StartsOn, slots, lastDay, plan);
        return new(
            meetings.Count(meeting => meeting.Kind == MeetingKind.Session), meetings.Count(meeting => meeting.Kind == MeetingKind.SupportMeeting), meetings.Sum(meeting => meeting.LiveHours),
            meetings.Sum(meeting => meeting.AsynchronousHours), meetings.Sum(meeting => meeting.Hours), Timetable.Hours, meetings.Count(meeting => meeting.FaceToFace),
            meetings.Count == 0 ? 0 : meetings[^1].Week, meetings.Count == 0 ? null : meetings[^1].Date, [.. faults.Select(fault => new TimetableFault(fault.Field, fault.Rule, fault.In(text)))]);
    }

    /// <summary>The weekly times in the order of the week, and all that is wrong with them.</summary>
    internal static (IReadOnlyList<WeeklySlot> Slots, List<Fault> Faults) Check(string category, TimetableRequest request, DateOnly firstDay, DateOnly lastDay, TimetablePlan plan)
    {
        var (slots, faults) = (new List<WeeklySlot>(), new List<Fault>());
        foreach (var given in (request.Slots ?? []).Select(given => given?.Trim() ?? "").Where(given => given.Length > 0))
        {
            if (WeeklySlot.TryParse(given, out var slot))
            {
                slots.Add(slot);
            }
            else
            {
                faults.Add(new("slots", "R3", "Slot", given));
            }
        }
        slots.Sort();
        if (faults.Count == 0)
        {
            faults.AddRange(Timetable.Faults(category, request.StartsOn, slots, firstDay, lastDay, plan));
        }
        return (slots, faults);
    }
}

/// <summary>One thing that is wrong with a timetable, in the caller's language.</summary>
public sealed record TimetableFault(string? Field, string? Rule, string Reason);
