using System.Globalization;

namespace EPimorfosi.Gateway.Pages;

/// <summary>Time as people read it (R30): of Athens, in their language.</summary>
static class Athens
{
    static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");

    internal static string Date(DateOnly day) => day.ToString("dddd d MMMM yyyy", CultureInfo.CurrentCulture);

    internal static string Day(DateTimeOffset moment) => Date(DateOnly.FromDateTime(Local(moment)));

    /// <summary>With seconds only where they matter: a deadline is to the second.</summary>
    internal static string Moment(DateTimeOffset moment)
    {
        var local = Local(moment);
        return local.ToString(local.Second == 0 ? "dddd d MMMM yyyy, HH:mm" : "dddd d MMMM yyyy, HH:mm:ss", CultureInfo.CurrentCulture);
    }

    /// <summary>In a table, where the whole would not fit.</summary>
    internal static string Short(DateTimeOffset moment) => Local(moment).ToString("ddd d/M, HH:mm", CultureInfo.CurrentCulture);

    /// <summary>As a form's field of date and time has it, and back; the same text is the same instant, to the second.</summary>
    internal static string Field(DateTimeOffset moment) => Local(moment).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    internal static DateTimeOffset? OfField(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Kind == DateTimeKind.Unspecified ? new(local, Zone.GetUtcOffset(local)) : null;

    internal static string Clock(DateTimeOffset moment) => Local(moment).ToString("dddd d MMMM yyyy, HH:mm:ss", CultureInfo.CurrentCulture);

    internal static string Time(DateTimeOffset moment) => Local(moment).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For the <c>datetime</c> attribute.</summary>
    internal static string Machine(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>The instant of a day's hour there.</summary>
    internal static DateTimeOffset At(DateOnly day, TimeOnly hour) => new(day.ToDateTime(hour), Zone.GetUtcOffset(day.ToDateTime(hour)));

    static DateTime Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone).DateTime;
}
