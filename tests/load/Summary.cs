using System.Globalization;
using Spectre.Console;

namespace EPimorfosi.Load;

/// <summary>What a run comes to, for people.</summary>
public static class Summary
{
    public static void Show(IAnsiConsole console, Play play, Stages stages, List<Finding> findings)
    {
        console.WriteLine();
        console.Write(Figures(play));
        console.Write(Times(stages));
        console.Write(Found(findings));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Look at it: [blue]{play.Options.Gateway}[/] · the API: [blue]{new Uri(play.Options.Gateway, "/api-docs")}[/] · e-mail: [blue]{play.Mailbox.Address}[/]");
    }

    static Table Figures(Play play)
    {
        var table = new Table().Title($"Period {play.Period}").Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        var log = SeatReplay.Parse(play.Log);
        var members = Aftermath.Replay(play).Members;
        var drawn = play.Results.Where(line => line.Rank > 0).CountBy(line => line.Programme).ToDictionary();
        Row("Teachers", play.Players.Count);
        Row("Applications in the frozen list", play.Applications.Count);
        foreach (var (rank, name) in new[] { (1, "1st choice"), (2, "2nd choice"), (3, "3rd choice") })
        {
            Row($"  placed at their {name}", play.Results.Count(line => line.Rank == rank));
        }
        Row("  placed at a later one", play.Results.Count(line => line.Rank > 3));
        Row("  not placed", play.Results.Count(line => line.Rank == 0));
        Row("Programmes", play.Programmes.Count);
        Row("  viable after the draw", play.Programmes.Count(one => drawn.GetValueOrDefault(one.Code) >= one.Minimum));
        Row("  viable at the end", play.Programmes.Count(one => members[one.Code].Count >= one.Minimum));
        Row("Phase-B claims decided", log.Count(line => line.IsOutcome));
        foreach (var kind in log.CountBy(line => line.Event))
        {
            Row($"  {kind.Key}", kind.Value);
        }
        Row("Messages delivered to the catcher", play.Delivered);
        foreach (var kind in play.Messages.GroupBy(count => count.Kind))
        {
            Row($"  {kind.Key}", kind.Sum(count => count.Count));
        }
        Row("Requests that had to be repeated", play.Gateway.Retries);
        foreach (var refusal in play.Refusals.OrderBy(refusal => refusal.Key, StringComparer.Ordinal))
        {
            Row($"Refused as it must be: {refusal.Key}", refusal.Value);
        }
        return table;

        void Row(string what, long number) => table.AddRow(Markup.Escape(what), number.ToString("#,0", CultureInfo.InvariantCulture));
    }

    static Table Times(Stages stages)
    {
        var table = new Table().Title("Time").Border(TableBorder.Rounded).AddColumn("Stage").AddColumn(new TableColumn("s").RightAligned());
        foreach (var (name, time, _) in stages.Done)
        {
            table.AddRow(Markup.Escape(name), time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        }
        return table.AddRow("[bold]All[/]", stages.Done.Sum(stage => stage.Time.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture));
    }

    static Table Found(List<Finding> findings)
    {
        var table = new Table().Title("Invariants").Border(TableBorder.Rounded).AddColumn("").AddColumn("").AddColumn("What").AddColumn("How it was checked");
        foreach (var finding in findings)
        {
            var mark = finding.Fault is null ? "[green]✓[/]" : "[red]✗[/]";
            table.AddRow(finding.Invariant, mark, Markup.Escape(finding.What), Markup.Escape(finding.Fault is null ? finding.How : $"{finding.Fault} ({finding.How})"));
        }
        return table;
    }
}
