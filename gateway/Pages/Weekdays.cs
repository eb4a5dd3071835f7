using System.Globalization;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Gateway.Pages;

/// <summary>Weekly times such as <c>Tue 17:00</c> in the reader's language.</summary>
static class Weekdays
{
    static readonly string[] Short = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>Monday first.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. Short[1..], Short[0]];

    internal static string Name(string day) => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)Array.IndexOf(Short, day));

    internal static string Of(IReadOnlyList<string>? slots, IStringLocalizer<Texts> text) =>
        slots is { Count: > 0 } ? string.Join(text["SlotAnd"], slots.Select(Of)) : text["TimetableToCome"];

    static string Of(string slot)
    {
        var (day, time) = slot.Split(' ', 2) is [var first, var second] ? (Array.IndexOf(Short, first), second) : (-1, "");
        return day < 0 ? slot : $"{CultureInfo.CurrentCulture.DateTimeFormat.GetDayName((DayOfWeek)day)} {time}";
    }
}
