using Spectre.Console;

namespace EPimorfosi.Load;

/// <summary>A whole training period, played by simulated people through the gateway.</summary>
public static class Demo
{
    /// <returns>Whether everything held.</returns>
    public static async Task<bool> Run(Options options, IAnsiConsole console)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            console.Profile.Width = 160; // a log file has no width of its own
        }
        using var gateway = new GatewayClient(options.Gateway);
        using var mailbox = new Mailbox(options.Mail);
        var play = new Play(options, gateway, mailbox);
        var stages = new Stages(console);
        foreach (var (name, stage) in Plot)
        {
            await stages.Run(name, step => stage(play, step));
        }
        List<Finding> findings = [];
        await stages.Run("Check every invariant", async _ =>
        {
            await play.Keep("log.txt", play.Log);
            findings = await Invariants.Check(play);
            return $"{findings.Count(finding => finding.Fault is null)} hold, {findings.Count(finding => finding.Fault is not null)} broken";
        });
        Summary.Show(console, play, stages, findings);
        return findings.TrueForAll(finding => finding.Fault is null);
    }

    static readonly (string Name, Func<Play, Step, Task<string>> Stage)[] Plot =
    [
        ("Sign in as the office", Preparation.SignIn),
        ("Put a fresh period", Preparation.Period),
        ("Read the reference data", Preparation.Reference),
        ("Import programmes", Preparation.Programmes),
        ("Import teachers", Preparation.Teachers),
        ("Import accounts", Preparation.Accounts),
        ("Custodians commit", Preparation.Custodians),
        ("Open phase A", PhaseA.Open),
        ("Teachers apply", PhaseA.Apply),
        ("Import paper applications", PhaseA.Paper),
        ("Close phase A", PhaseA.Close),
        ("Freeze the lists", DrawDay.Freeze),
        ("Objections", DrawDay.Objections),
        ("Draw", DrawDay.Draw),
        ("Publish the results", DrawDay.Publish),
        ("Open phase B", PhaseB.Open),
        ("Teachers claim seats", PhaseB.Claims),
        ("Seats are offered", SeatOffers.Play),
        ("Close phase B", PhaseB.Close),
        ("Rescue", SeatRescue.Play),
        ("Enrolment", Aftermath.Enrolment),
        ("Wait for the messages", Aftermath.Messages),
    ];
}
