using CsCheck;
using EPimorfosi.Programmes;

namespace EPimorfosi.Programmes.Tests;

public class TimetableTests
{
    static readonly DateOnly FirstDay = new(2023, 3, 6);
    static readonly DateOnly LastDay = new(2023, 6, 30);

    static IReadOnlyList<WeeklySlot> Weekly(string slots) =>
        [.. slots.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(text => WeeklySlot.TryParse(text, out var slot) ? slot : throw new FormatException(text)).Order()];

    static Fault[] Faults(string slots, string startsOn = "2023-03-06", DateOnly? lastDay = null) =>
        [.. Timetable.Faults("IIb", DateOnly.Parse(startsOn, System.Globalization.CultureInfo.InvariantCulture), Weekly(slots), FirstDay, lastDay ?? LastDay, TimetablePlan.Default)];

    [Theory]
    [InlineData("Tue 17:00|Thu 17:00", 10)]
    [InlineData("Mon 18:00|Mon 14:30", 10)]
    [InlineData("Sat 09:00|Sun 21:00", 10)]
    public void Two_slots_a_week_make_60_hours_in_twenty_slots(string slots, int weeks)
    {
        var meetings = Timetable.Expand("IIb", FirstDay, Weekly(slots), LastDay, TimetablePlan.Default);

        Assert.Empty(Faults(slots));
        Assert.Equal(20, meetings.Count);
        Assert.Equal(14, meetings.Count(meeting => meeting is { Kind: MeetingKind.Session, LiveHours: 2, AsynchronousHours: 1 }));
        Assert.Equal(6, meetings.Count(meeting => meeting is { Kind: MeetingKind.SupportMeeting, LiveHours: 3, AsynchronousHours: 0 }));
        Assert.Equal(60, meetings.Sum(meeting => meeting.Hours));
        Assert.Equal(18, meetings.Where(meeting => meeting.Kind == MeetingKind.SupportMeeting).Sum(meeting => meeting.Hours)); // the note's "18 ωρών"
        Assert.Equal(weeks, meetings[^1].Week);
        Assert.Equal(Enumerable.Range(1, 20), meetings.Select(meeting => meeting.Number));
    }

    [Fact]
    public void Four_sessions_of_IIa_are_at_the_centre_and_none_of_IIb()
    {
        var weekly = Weekly("Tue 17:00|Thu 17:00");
        var atCentre = Timetable.Expand("IIa", FirstDay, weekly, LastDay, TimetablePlan.Default).Where(meeting => meeting.FaceToFace).ToArray();

        Assert.Equal(4, atCentre.Length);
        Assert.All(atCentre, meeting => Assert.Equal(MeetingKind.Session, meeting.Kind));
        Assert.DoesNotContain(Timetable.Expand("IIb", FirstDay, weekly, LastDay, TimetablePlan.Default), meeting => meeting.FaceToFace);
    }

    [Fact]
    public void A_group_that_starts_in_mid_week_ends_in_the_eleventh_calendar_week()
    {
        var meetings = Timetable.Expand("IIb", new(2023, 3, 9), Weekly("Tue 17:00|Thu 17:00"), LastDay, TimetablePlan.Default);

        Assert.Equal(new(2023, 3, 9), meetings[0].Date);
        Assert.Equal(new(2023, 5, 16), meetings[^1].Date);
    }

    [Theory]
    [InlineData("Tue 17:00", "slots", "TooFewHours", "1,15,45,15")] // one slot a week can't make 60 hours in 15 weeks
    [InlineData("Mon 17:00|Tue 17:00|Wed 17:00", "slots", "SlotsAWeek", "3")]
    [InlineData("Tue 10:00|Thu 17:00", "slots", "SchoolHours", null)]
    [InlineData("Tue 14:00|Thu 17:00", "slots", "SchoolHours", null)]
    [InlineData("Fri 05:30|Thu 17:00", "slots", "SchoolHours", null)]
    [InlineData("Tue 21:30|Thu 17:00", "slots", "PastMidnight", null)]
    [InlineData("Tue 17:00|Tue 19:59", "slots", "Overlap", null)]
    [InlineData("Tue 17:00|Tue 17:00", "slots", "Overlap", null)]
    public void A_timetable_that_R3_does_not_allow_is_refused_and_says_why(string slots, string column, string text, string? values)
    {
        var fault = Assert.Single(Faults(slots));

        Assert.Equal((column, "R3", text), (fault.Field, fault.Rule, fault.Text));
        if (values is not null)
        {
            Assert.Equal(values, string.Join(',', fault.Values));
        }
    }

    [Theory]
    [InlineData("2023-03-05", "OutsidePeriod")]
    [InlineData("2023-07-01", "OutsidePeriod")]
    [InlineData("2023-05-01", "EndsTooLate")]
    public void A_group_keeps_within_the_period(string startsOn, string text) =>
        Assert.Equal(("starts_on", text), (Assert.Single(Faults("Tue 17:00|Thu 17:00", startsOn)).Field, Assert.Single(Faults("Tue 17:00|Thu 17:00", startsOn)).Text));

    [Fact]
    public void What_is_missing_at_the_end_is_summed()
    {
        // 1 May to 30 June: 18 Tuesdays and Thursdays.
        Assert.Equal([LastDay, 18, 54, 6], Assert.Single(Faults("Tue 17:00|Thu 17:00", "2023-05-01")).Values);
    }

    [Theory]
    [InlineData("Tue 17:00", true)]
    [InlineData("tue 17:00", true)]
    [InlineData("Tue  17:00", true)]
    [InlineData("Tue 7:00", false)]
    [InlineData("Τρι 17:00", false)]
    [InlineData("Tuesday 17:00", false)]
    [InlineData("Tue 24:00", false)]
    [InlineData("Tue", false)]
    [InlineData("", false)]
    public void A_weekly_time_is_written_Tue_17_00(string text, bool readable)
    {
        Assert.Equal(readable, WeeklySlot.TryParse(text, out var slot));
        if (readable)
        {
            Assert.Equal("Tue 17:00", slot.ToString());
        }
    }

    static readonly Gen<WeeklySlot> Slots = Gen.Select(Gen.Int[0, 6], Gen.OneOf(Gen.Int[0, 24 * 60 - 1], Gen.Int[14 * 60, 21 * 60]), (day, minute) => new WeeklySlot((DayOfWeek)day, new TimeOnly(minute / 60, minute % 60)));

    [Fact]
    public void Whatever_is_not_refused_adds_up_to_60_hours_outside_school_hours() =>
        Gen.Select(Slots.Array[1, 3], Gen.Int[0, 120], Gen.OneOf(Gen.Const("IIa"), Gen.Const("IIb"))).Sample((slots, day, category) =>
        {
            var (weekly, startsOn) = (slots.Order().ToArray(), FirstDay.AddDays(day));
            if (Timetable.Faults(category, startsOn, weekly, FirstDay, LastDay, TimetablePlan.Default).Any())
            {
                return;
            }
            var meetings = Timetable.Expand(category, startsOn, weekly, LastDay, TimetablePlan.Default);
            Assert.Equal(60, meetings.Sum(meeting => meeting.Hours));
            Assert.Equal(category == "IIa" ? 4 : 0, meetings.Count(meeting => meeting.FaceToFace));
            Assert.All(meetings, meeting => Assert.InRange(meeting.Date, startsOn, LastDay));
            Assert.All(meetings, meeting => Assert.InRange(meeting.Week, 1, 15));
            Assert.All(meetings.GroupBy(meeting => meeting.Week), week => Assert.InRange(week.Count(), 1, 2));
            Assert.All(meetings.Where(meeting => meeting.Date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)),
                meeting => Assert.True(meeting.From >= new TimeOnly(14, 15) || meeting.From.AddHours(3) <= new TimeOnly(8, 0)));
        });
}
