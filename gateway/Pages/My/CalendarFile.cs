using System.Globalization;
using System.Text;
using EPimorfosi.Gateway.Services;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Gateway.Pages.My;

/// <summary>The meetings of a programme as iCalendar (RFC 5545), times in UTC, which every calendar shows in its own.</summary>
static class CalendarFile
{
    const int LongestLine = 75;

    internal static byte[] Of(Programme programme, IReadOnlyList<Meeting> timetable, DateTimeOffset now, IStringLocalizer<Texts> text)
    {
        var file = new StringBuilder();
        void Line(string line) => Fold(file, line);
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//ePimorfosi//EN");
        foreach (var meeting in timetable)
        {
            var from = Athens.At(meeting.Date, meeting.From);
            Line("BEGIN:VEVENT");
            Line(string.Create(CultureInfo.InvariantCulture, $"UID:{programme.Code}-{meeting.Number}@epimorfosi"));
            Line($"DTSTAMP:{Utc(now)}");
            Line($"DTSTART:{Utc(from)}");
            Line($"DTEND:{Utc(from.AddHours(meeting.LiveHours))}");
            Line($"SUMMARY:{Escape($"{text[$"Meeting_{meeting.Kind}"]} {meeting.Number}/{timetable.Count}: {programme.Title}")}");
            Line($"LOCATION:{Escape(meeting.FaceToFace ? programme.CentreName : text["Online"])}");
            Line("END:VEVENT");
        }
        Line("END:VCALENDAR");
        return Encoding.UTF8.GetBytes(file.ToString());
    }

    static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);

    static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    /// <summary>No line is longer than 75 bytes; the next begins with a space.</summary>
    static void Fold(StringBuilder file, string line)
    {
        var length = 0;
        foreach (var letter in line.EnumerateRunes())
        {
            if (length + letter.Utf8SequenceLength > LongestLine)
            {
                file.Append("\r\n ");
                length = 1;
            }
            file.Append(letter.ToString());
            length += letter.Utf8SequenceLength;
        }
        file.Append("\r\n");
    }
}
