using System.Globalization;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Programmes;

/// <summary>What the checks need to know of the reference data.</summary>
public sealed record ReferenceBook(IReadOnlySet<string> Clusters, IReadOnlyDictionary<string, string> NomosOfPrefecture, IReadOnlyDictionary<string, School> Schools)
{
    /// <param name="school">The only one that is needed; null for all.</param>
    internal static async Task<ReferenceBook> Read(ProgrammesDb db, string? school, CancellationToken cancellationToken) => new(
        await db.Clusters.Select(cluster => cluster.Code).ToHashSetAsync(cancellationToken),
        await db.Prefectures.ToDictionaryAsync(prefecture => prefecture.Code, prefecture => prefecture.NomosCode, cancellationToken),
        await db.Schools.AsNoTracking().Where(row => school == null || row.Code == school).ToDictionaryAsync(row => row.Code, cancellationToken));
}

/// <summary>The checks of R1-R6 on one line of the programmes' file. Every fault of the line is found, each with its column.</summary>
public sealed class ProgrammeChecks(ReferenceBook book, Period period, TimetablePlan plan)
{
    public static readonly string[] Columns = ["code", "cluster", "category", "centre", "title", "min", "max", "starts_on", "slots", "trainers", "extra_prefectures"];

    const int LongestTitle = 200;

    /// <summary>Null if there are faults, which are added.</summary>
    public ProgrammeDraft? Check(CsvRow row, List<Fault> faults)
    {
        var before = faults.Count;
        var (code, cluster, category, title) = (row["code"], row["cluster"], row["category"], row["title"]);
        Require(Codes.IsCode(code), faults, "code", null, "Code", code);
        Require(book.Clusters.Contains(cluster), faults, "cluster", "R1", "NoCluster", cluster);
        Require(category is Category.IIa or Category.IIb, faults, "category", "R4", "OneOf", "IIa, IIb");
        Require(title.Length is > 0 and <= LongestTitle && !title.Any(char.IsControl), faults, "title", null, "Text", LongestTitle);
        var centre = book.Schools.GetValueOrDefault(row["centre"]);
        Require(centre is not null && centre.PrefectureCode != Prefecture.Abroad, faults, "centre", "R6", "NoCentre", row["centre"]);
        var minimum = Number(row["min"], period.GroupMinimum, "min", faults);
        var maximum = Number(row["max"], period.GroupMaximum, "max", faults);
        Require(minimum is null || maximum is null || minimum <= maximum, faults, "max", "R2", "NotLess", "min");
        var startsOn = DateOnly.TryParseExact(row["starts_on"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : default(DateOnly?);
        Require(startsOn is not null, faults, "starts_on", "R3", "Day");
        var slots = Slots(row["slots"], category, startsOn, faults);
        var trainers = Trainers(row["trainers"], faults);
        var extra = ExtraPrefectures(row["extra_prefectures"], category, faults);
        return faults.Count > before ? null : new(row.Line, code, cluster, category, title, centre!, minimum!.Value, maximum!.Value, startsOn!.Value, slots, trainers, extra, Nomoi(category, centre!, extra));
    }

    static void Require(bool condition, List<Fault> faults, string column, string? rule, string text, params object[] values)
    {
        if (!condition)
        {
            faults.Add(new(column, rule, text, values));
        }
    }

    static int? Number(string text, int otherwise, string column, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            return otherwise;
        }
        var number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed is >= 1 and <= Group.Most ? parsed : default(int?);
        Require(number is not null, faults, column, "R2", "Between", 1, Group.Most);
        return number;
    }

    string[] Slots(string text, string category, DateOnly? startsOn, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            Require(startsOn is null || (startsOn >= period.FirstDay && startsOn <= period.LastDay), faults, "starts_on", "R3", "OutsidePeriod", startsOn ?? default, period.FirstDay, period.LastDay);
            return [];
        }
        var slots = new List<WeeklySlot>();
        foreach (var part in Parts(text))
        {
            var readable = WeeklySlot.TryParse(part, out var slot);
            Require(readable, faults, "slots", "R3", "Slot", part);
            slots.Add(slot);
        }
        slots.Sort();
        if (startsOn is { } starts && !faults.Exists(fault => fault.Field == "slots"))
        {
            faults.AddRange(Timetable.Faults(category, starts, slots, period.FirstDay, period.LastDay, plan));
        }
        return [.. slots.Select(slot => slot.ToString())];
    }

    /// <summary>R6 as far as it can be told without the trainers' register: identities, each once, and hours that sum to 60 where hours are given.</summary>
    static string[] Trainers(string text, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            return [];
        }
        var trainers = Parts(text).Select(part => part.Split(':')).ToArray();
        var readable = trainers.All(trainer => trainer.Length <= 2 && Codes.IsCode(trainer[0]) && (trainer.Length == 1 || HoursOf(trainer) is not null));
        Require(readable, faults, "trainers", "R6", "Trainers");
        Require(trainers.DistinctBy(trainer => trainer[0]).Count() == trainers.Length, faults, "trainers", "R6", "TrainerTwice");
        var withHours = trainers.Where(trainer => trainer.Length == 2).ToArray();
        if (readable && withHours.Length > 0)
        {
            var sum = withHours.Sum(trainer => HoursOf(trainer)!.Value);
            Require(withHours.Length == trainers.Length, faults, "trainers", "R6", "HoursForAll");
            Require(sum == Timetable.Hours, faults, "trainers", "R6", "HoursOfTrainers", sum, Timetable.Hours);
        }
        return [.. trainers.Select(trainer => string.Join(':', trainer))];
    }

    static int? HoursOf(string[] trainer) =>
        int.TryParse(trainer[1], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= Timetable.Hours ? hours : null;

    string[] ExtraPrefectures(string text, string category, List<Fault> faults)
    {
        if (text.Length == 0)
        {
            return [];
        }
        Require(category != Category.IIb, faults, "extra_prefectures", "R5", "OnlyIIa");
        var extra = Parts(text).Distinct().Order(StringComparer.Ordinal).ToArray();
        foreach (var unknown in extra.Where(code => code == Prefecture.Abroad || !book.NomosOfPrefecture.ContainsKey(code)))
        {
            Require(false, faults, "extra_prefectures", "R5", "NoPrefecture", unknown);
        }
        return extra;
    }

    string[] Nomoi(string category, School centre, string[] extra) => category == Category.IIb
        ? []
        : [.. extra.Select(code => book.NomosOfPrefecture[code]).Append(centre.NomosCode).Distinct().Order(StringComparer.Ordinal)];

    static string[] Parts(string text) => text.Split('|', StringSplitOptions.TrimEntries);
}
