using System.Text.Json;
using EPimorfosi.Bench;
using Spectre.Console;

// EPimorfosi.Bench draw [--json]: both sides of each comparison in one run on one machine; the goal is a ratio, never a time.
if (args is not ["draw", ..])
{
    Console.Error.WriteLine("usage: bench draw [--json]");
    return 2;
}
var rows = new List<Row>();
rows.AddRange(DrawAlone.Run());
rows.AddRange(await DrawStored.Run());
if (args.Contains("--json"))
{
    Console.WriteLine(JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
    return 0;
}
var table = new Table().Border(TableBorder.Rounded).AddColumns("", "ours", "reference", "ratio", "goal", "");
foreach (var row in rows)
{
    table.AddRow(Markup.Escape(row.Name), row.Ours, row.Reference, $"{row.Ratio:0.00}", $"≤ {row.Goal:0.0}", row.Met ? "[green]✓[/]" : "[red]✗[/]");
}
AnsiConsole.Write(table);
return 0;

namespace EPimorfosi.Bench
{
    /// <summary>A comparison; <paramref name="Met"/> where <paramref name="Ratio"/> is no more than <paramref name="Goal"/>.</summary>
    public sealed record Row(string Name, string Ours, string Reference, double Ratio, double Goal, bool Met)
    {
        public static Row Of(string name, IEnumerable<TimeSpan> ours, IEnumerable<TimeSpan> reference, double goal)
        {
            var (mine, other) = (Median(ours), Median(reference));
            return new(name, Text(mine), Text(other), Math.Round(mine / other, 3), goal, mine / other <= goal);
        }

        public static TimeSpan Median(IEnumerable<TimeSpan> times) => times.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : default;

        public static string Text(TimeSpan time) => time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0} ms" : $"{time.TotalSeconds:0.0} s";
    }
}
