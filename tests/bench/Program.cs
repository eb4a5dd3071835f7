using System.Text.Json;
using EPimorfosi.Bench;
using Spectre.Console;

// EPimorfosi.Bench draw|mail|phase-b [part …] [--json]: both sides of each comparison in one run on one machine; the goal is a ratio, never a time.
var json = args.Contains("--json");
var rows = new List<Row>();
switch (args)
{
    case ["draw", ..]:
        rows.AddRange(DrawAlone.Run());
        rows.AddRange(await DrawStored.Run());
        break;
    case ["mail", ..]:
        rows.AddRange(await MailSent.Run());
        break;
    case ["phase-b", .. var rest] when PhaseBArguments.Parse(rest) is { } options:
        await PhaseB.Run(options, Told);
        break;
    default:
        Console.Error.WriteLine("usage: bench draw|mail|phase-b [decide|relay|claims|wait|reads|commits|memory …] [--json]; phase-b needs --gateway, --office-password-file, --restart, --processes");
        return 2;
}
if (json)
{
    Console.WriteLine(JsonSerializer.Serialize(rows, JsonSerializerOptions.Web));
    return 0;
}
var table = new Table().Border(TableBorder.Rounded).AddColumns("", "ours", "reference", "ratio", "goal", "");
foreach (var row in rows)
{
    table.AddRow(Markup.Escape(row.Name), Markup.Escape(row.Ours), Markup.Escape(row.Reference), $"{row.Ratio:0.00}",
        row.Goal is { } goal ? $"{(row.AtLeast ? '≥' : '≤')} {goal:0.0#}" : "", row.Goal is null ? "" : row.Met ? "[green]✓[/]" : "[red]✗[/]");
}
if (AnsiConsole.Console is { Profile.Capabilities.Interactive: false } plain)
{
    plain.Profile.Width = 160;
}
AnsiConsole.Write(table);
return 0;

// At once, for it takes minutes; the table comes last.
void Told(Row row)
{
    rows.Add(row);
    Console.Error.WriteLine($"  {row.Name}: {row.Ours} to {row.Reference}, ratio {row.Ratio}");
}
