using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace EPimorfosi.Load;

/// <summary>The stages of a run, each with a progress bar and its time; plain lines where there is no terminal.</summary>
public sealed class Stages(IAnsiConsole console)
{
    static readonly TimeSpan Reminder = TimeSpan.FromSeconds(15);
    readonly List<(string Name, TimeSpan Time, string Note)> done = [];

    public IReadOnlyList<(string Name, TimeSpan Time, string Note)> Done => done;

    /// <param name="work">Does it, tells its progress, and returns what to say of it.</param>
    public async Task Run(string name, Func<Step, Task<string>> work)
    {
        var watch = Stopwatch.StartNew();
        var note = console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi ? await WithBar(name, work) : await WithLines(name, work);
        done.Add((name, watch.Elapsed, note));
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]✓[/] {name,-26} {watch.Elapsed.TotalSeconds,7:0.0} s  [grey]{note}[/]");
    }

    async Task<string> WithBar(string name, Func<Step, Task<string>> work)
    {
        var note = "";
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async bar =>
            {
                var task = bar.AddTask(Markup.Escape(name), autoStart: true, maxValue: 1);
                note = await work(new Step((at, of) => { task.MaxValue = Math.Max(of, 1); task.Value = at; }));
            });
        return note;
    }

    async Task<string> WithLines(string name, Func<Step, Task<string>> work)
    {
        var said = Stopwatch.StartNew();
        var speaking = new Lock();
        return await work(new Step((at, of) =>
        {
            lock (speaking)
            {
                if (said.Elapsed > Reminder)
                {
                    console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {at:0} of {of:0}"));
                    said.Restart();
                }
            }
        }));
    }
}

/// <summary>How far a stage has come.</summary>
public sealed class Step(Action<double, double> show)
{
    int at;

    public void At(double value, double of) => show(value, of);

    /// <summary>Does something for each, so many at once; the first failure stops all.</summary>
    public Task Each<T>(IReadOnlyCollection<T> all, Func<T, Task> work, int atOnce = 16)
    {
        at = 0;
        return Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (one, _) =>
        {
            await work(one);
            show(Interlocked.Increment(ref at), all.Count);
        });
    }

    /// <summary>Asks until the answer is there; a wait that takes too long stops the run and says for what.</summary>
    public static async Task<T> Until<T>(string what, TimeSpan limit, Func<Task<T?>> look) where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } there)
            {
                return there;
            }
            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain for {what}.");
            }
            await Task.Delay(500);
        }
    }
}
