using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EPimorfosi.Gateway.Pages.Office;

/// <summary>The fields of a period as the office edits them: how each is shown, where it comes from, and how the form becomes the period again.</summary>
static class PeriodFields
{
    internal enum Kind { Text, Day, Instant, Number, Flag, Choice }

    /// <param name="Name">Path in the period's JSON, which the service's faults name too.</param>
    /// <param name="Rule">Of docs/rules.md.</param>
    /// <param name="Source"><c>S</c>: from the announcement; <c>D</c>: it is silent, and the default is ours; null: the office's own calendar.</param>
    /// <param name="Default">What the announcement says, or our default, as the form shows it.</param>
    internal sealed record Field(string Name, Kind Kind, string? Rule = null, char? Source = null, string Default = "", string[]? Choices = null)
    {
        internal string Id => Name.Replace('.', '-');
    }

    internal static readonly (string Group, Field[] Fields)[] Groups =
    [
        ("Title", [new("title.el", Kind.Text), new("title.en", Kind.Text), new("level", Kind.Text, Default: "B2"), new("firstDay", Kind.Day, "R28"), new("lastDay", Kind.Day, "R28")]),
        ("Calendar", [
            new("phaseA.opens", Kind.Instant, "R30"), new("phaseA.closes", Kind.Instant, "R30"), new("drawAt", Kind.Instant, "R16"), new("phaseB.opens", Kind.Instant, "R20"), new("phaseB.closes", Kind.Instant, "R30"),
            new("enrolment.opens", Kind.Instant, "R28"), new("enrolment.closes", Kind.Instant, "R28"),
        ]),
        ("Groups", [new("groupMinimum", Kind.Number, "R2", 'S', "10"), new("groupMaximum", Kind.Number, "R2", 'S', "15")]),
        ("Policy", [
            new("policy.iiaFirst", Kind.Flag, "R13", 'S', "true"), new("policy.iiaRequired", Kind.Flag, "R13", 'D', "false"), new("policy.maxChoices", Kind.Number, "R13", 'D', "0"),
            new("policy.excludePriorB2", Kind.Flag, "R10", 'D', "true"), new("policy.phaseBScope", Kind.Choice, "R22", 'D', "AnyVacancy", ["AnyVacancy", "BelowMinimum"]),
            new("policy.offerHours", Kind.Number, "R25", 'D', "48"), new("policy.enrolmentDays", Kind.Number, "R28", 'D', "5"), new("policy.upgrade", Kind.Flag, "R26", 'D', "false"),
            new("policy.objectionHours", Kind.Number, "R18", 'D', "24"), new("policy.phaseBLater", Kind.Text, "R21", 'D'),
        ]),
    ];

    internal static IEnumerable<Field> All => Groups.SelectMany(group => group.Fields);

    /// <summary>As the form shows it.</summary>
    internal static string Shown(Field field, JsonNode? period)
    {
        var value = At(period, field.Name);
        return (field.Kind, value?.GetValueKind()) switch
        {
            (_, null or JsonValueKind.Null) => period is null ? field.Default : "",
            (Kind.Instant, _) => Athens.Field(value!.GetValue<DateTimeOffset>()),
            (_, JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number) => value!.ToJsonString(),
            _ => value!.GetValue<string>(),
        };
    }

    /// <summary>The period that a form stands for. An instant that was not touched keeps its fractions of a second, which the form does not show.</summary>
    internal static JsonObject Period(IReadOnlyDictionary<string, string> form, JsonNode? stored)
    {
        var period = new JsonObject();
        foreach (var field in All)
        {
            var text = form.GetValueOrDefault(field.Name, "").Trim();
            JsonNode? value = field.Kind switch
            {
                Kind.Instant when stored is not null && text == Shown(field, stored) => At(stored, field.Name)?.DeepClone(),
                Kind.Instant => Athens.OfField(text)?.ToUniversalTime(),
                Kind.Day => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : null,
                Kind.Number => text.Length == 0 && !field.Name.StartsWith("policy.", StringComparison.Ordinal) ? null : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1,
                Kind.Flag => text == "true",
                _ => text,
            };
            Put(period, field.Name, value);
        }
        return period;
    }

    /// <summary>
    /// What two people made of the same period: where only one of them changed a field, that change; where both did, this one's, and it is named.
    /// </summary>
    internal static (Dictionary<string, string> Merged, IReadOnlyList<Difference> Theirs) Merge(
        IReadOnlyDictionary<string, string> seen, IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> theirs)
    {
        var (merged, differences) = (new Dictionary<string, string>(), new List<Difference>());
        foreach (var field in All)
        {
            var (was, now, wanted) = (seen.GetValueOrDefault(field.Name, ""), theirs.GetValueOrDefault(field.Name, ""), mine.GetValueOrDefault(field.Name, ""));
            merged[field.Name] = wanted == was ? now : wanted;
            if (now != was)
            {
                differences.Add(new(field, was, now, wanted != was && wanted != now ? wanted : null));
            }
        }
        return (merged, differences);
    }

    /// <param name="Mine">What this editor wrote into the same field, if something else.</param>
    internal sealed record Difference(Field Field, string Before, string After, string? Mine);

    static JsonNode? At(JsonNode? node, string path) => path.Split('.').Aggregate(node, (at, name) => at?[name]);

    static void Put(JsonObject node, string path, JsonNode? value)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            node[path] = value;
            return;
        }
        node[path[..dot]] ??= new JsonObject();
        Put(node[path[..dot]]!.AsObject(), path[(dot + 1)..], value);
    }
}
