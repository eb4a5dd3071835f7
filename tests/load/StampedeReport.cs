using System.Globalization;
using System.Text;
using Spectre.Console;

namespace EPimorfosi.Load;

/// <summary>What a stampede comes to: figures, refusals, stages, what held, and a chart of every second.</summary>
public sealed class StampedeReport(Play play, StampedeOptions options, Stampede run, IReadOnlyList<Served> served, List<Finding> findings, List<SpanStage> stages)
{
    public async Task Write(IAnsiConsole console)
    {
        Show(console);
        var text = new StringWriter(CultureInfo.InvariantCulture);
        var file = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        file.Profile.Width = 160;
        Show(file);
        await play.Keep("report.txt", text.ToString());
        await play.Keep("chart.svg", new StampedeChart(run, served).Svg());
        if (play.Options.BundleTo is { } folder)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"report.txt, chart.svg, the draw's bundle and log.txt are in [blue]{folder.FullName}[/]");
        }
    }

    void Show(IAnsiConsole console)
    {
        console.Write(Figures());
        console.Write(Refusals());
        console.Write(Stages());
        console.Write(Found());
    }

    Table Figures()
    {
        var accepted = served.Where(one => one.Sequence is not null).ToList();
        var took = accepted.Select(one => one.Took).Order().ToArray();
        var table = Two($"Stampede, period {play.Period}");
        Row("teachers", $"{play.Players.Count:#,0}");
        Row("connections", $"{options.Concurrency:#,0}");
        Row("claims accepted", $"{accepted.DistinctBy(one => one.Sequence).Count():#,0}");
        Row("in", $"{run.Elapsed.TotalSeconds:0.0} s");
        Row("a second", $"{accepted.DistinctBy(one => one.Sequence).Count() / run.Elapsed.TotalSeconds:#,0}");
        foreach (var share in new[] { 0.5, 0.9, 0.95, 0.99, 0.999, 1 })
        {
            Row($"answered with the outcome, {(share == 1 ? "slowest" : string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0.#}"))}", $"{took[Math.Min(took.Length - 1, (int)(took.Length * share))].TotalMilliseconds:#,0} ms");
        }
        Row("answered 202, before the outcome", $"{accepted.Count(one => one.Outcome is null):#,0}");
        foreach (var outcome in accepted.Where(one => one.Outcome is not null).DistinctBy(one => one.Sequence).CountBy(one => one.Outcome!).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            Row($"  {outcome.Key}", $"{outcome.Value:#,0}");
        }
        Row("sent again for want of an answer, or after a 503", $"{run.Retries:#,0}");
        Row("sent twice on purpose", $"{run.Doubles:#,0}");
        if (run.Away is { } away)
        {
            Row($"{options.Kill} killed, ready again", $"{away.From.TotalSeconds:0.0} s, {away.To.TotalSeconds:0.0} s");
        }
        return table;

        void Row(string what, FormattableString figure) => table.AddRow(Markup.Escape(what), figure.ToString(CultureInfo.InvariantCulture));
    }

    Table Refusals()
    {
        var table = Two("Refusals by reason");
        foreach (var refusal in served.Where(one => one.Sequence is null).CountBy(one => (one.Status, one.Rule)).OrderByDescending(one => one.Value))
        {
            table.AddRow($"{refusal.Key.Status} {refusal.Key.Rule}", refusal.Value.ToString("#,0", CultureInfo.InvariantCulture));
        }
        return table;
    }

    Table Stages()
    {
        var table = new Table().Title(stages.Count == 0 ? "Stages: no traces were caught" : $"Slowest stages of a claim, by {stages.Max(stage => stage.Count)} traces: own time is what is not spent in a stage below")
            .Border(TableBorder.Rounded).AddColumns("service", "span");
        foreach (var column in new[] { "spans", "own p50 ms", "p50 ms", "p95 ms" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }
        foreach (var stage in stages.Where(stage => stage.Count > 2).Take(12))
        {
            table.AddRow(stage.Service, Markup.Escape(stage.Name.Length > 60 ? stage.Name[..60] : stage.Name), stage.Count.ToString(CultureInfo.InvariantCulture), Ms(stage.Own), Ms(stage.Median), Ms(stage.Late));
        }
        return table;

        static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
    }

    Table Found()
    {
        var table = new Table().Title("What must hold").Border(TableBorder.Rounded).AddColumns("", "", "what", "how it was checked");
        foreach (var finding in findings)
        {
            table.AddRow(finding.Invariant, finding.Fault is null ? "[green]✓[/]" : "[red]✗[/]", Markup.Escape(finding.What), Markup.Escape(finding.Fault is null ? finding.How : $"{finding.Fault} ({finding.How})"));
        }
        return table;
    }

    static Table Two(string title) => new Table().Title(title).Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
}

/// <summary>Every second of a stampede: claims accepted above, the time to the outcome (p50, p99) below; the time in which a process was away is grey.</summary>
public sealed class StampedeChart(Stampede run, IReadOnlyList<Served> served)
{
    const int Width = 900, Height = 220, Left = 70, Gap = 70;

    public string Svg()
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(run.Elapsed.TotalSeconds));
        var answered = served.Where(one => one.Sequence is not null).ToLookup(one => Math.Min(seconds - 1, (int)(one.At + one.Took).TotalSeconds));
        var all = Enumerable.Range(0, seconds).Select(second => answered[second].Select(one => one.Took.TotalMilliseconds).Order().ToArray()).ToArray();
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width + Left + 30} {2 * Height + 3 * Gap}" font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>{"\n"}"""));
        if (run.Away is { } away)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{X(away.From.TotalSeconds)}" y="{Gap - 20}" width="{X(away.To.TotalSeconds) - X(away.From.TotalSeconds)}" height="{2 * Height + Gap + 20}" fill="#ddd"/>""");
        }
        Panel(svg, Gap, "claims accepted in each second", ("accepted", "#003476", [.. all.Select(second => (double)second.Length)]));
        Panel(svg, Height + 2 * Gap, "ms to the answer with the outcome", ("p50", "#003476", [.. all.Select(second => At(second, 0.5))]), ("p99", "#b60000", [.. all.Select(second => At(second, 0.99))]));
        return svg.Append("</svg>\n").ToString();

        double X(double second) => Math.Round(Left + Math.Min(second, seconds) / seconds * Width, 1);

        void Panel(StringBuilder to, int top, string title, params (string Name, string Colour, double[] Values)[] lines)
        {
            var most = Math.Max(1, lines.Max(line => line.Values.Max()));
            to.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{top - 28}" font-weight="bold">{title}</text><path d="M{Left} {top}V{top + Height}H{Left + Width}" fill="none" stroke="#444"/>""");
            foreach (var part in new[] { 0, 0.5, 1 })
            {
                to.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{top + Height - part * Height + 4}" text-anchor="end">{most * part:#,0}</text><text x="{X(seconds * part)}" y="{top + Height + 18}" text-anchor="middle">{seconds * part:0.#} s</text>""");
            }
            foreach (var ((name, colour, values), index) in lines.Select((line, index) => (line, index)))
            {
                var points = string.Join(' ', values.Select((value, second) => string.Create(CultureInfo.InvariantCulture, $"{X(second + 0.5)},{top + Height - value / most * Height:0.#}")));
                to.AppendLine(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/><text x="{Left + 10 + index * 60}" y="{top - 8}" fill="{colour}">{name}</text>""");
            }
        }

        static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
