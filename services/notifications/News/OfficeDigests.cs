using EPimorfosi.Defaults;
using EPimorfosi.Notifications.HelpDesk;
using EPimorfosi.Notifications.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Notifications.News;

/// <summary>Once a day the office hears what needs a hand: messages that did not arrive, questions that wait, steps of the calendar that come. On a day with nothing to tell, nothing.</summary>
public sealed class OfficeDigests(NpgsqlDataSource database, IServiceScopeFactory scopes, IOptions<OfficeOptions> office, TimeProvider clock, ILogger<OfficeDigests> log) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(20);
    static readonly TimeZoneInfo Athens = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (office.Value.Email is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await Election.TryEnter(database, "digest", stoppingToken);
                if (turn is not null)
                {
                    await WriteIfDue(stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The office's digest can't be written now: {Fault}: {Reason}", fault.GetType().Name, fault.Message);
            }
            await Task.Delay(Poll, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>The day is in the event's key: however often it is looked at, and by however many, a day has one digest.</summary>
    async Task WriteIfDue(CancellationToken cancel)
    {
        var here = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Athens);
        var key = $"digest/{here:yyyy-MM-dd}";
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDb>();
        if (TimeOnly.FromDateTime(here.DateTime) < office.Value.DigestAt || await db.Messages.AnyAsync(m => m.EventKey == key, cancel))
        {
            return;
        }
        var facts = await Gather(db, clock.GetUtcNow(), cancel);
        if (!facts.IsEmpty)
        {
            await scope.ServiceProvider.GetRequiredService<MessageIntake>().Store(
                [new(key, "office", MessageKind.OfficeDigest, facts) { Email = office.Value.Email, Language = office.Value.Language }], cancel);
        }
    }

    static async Task<DigestFacts> Gather(NotificationsDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var (yesterday, soon) = (now.AddDays(-1), now.AddDays(2));
        var failed = await db.Messages.CountAsync(m => m.State == MessageState.Failed && m.CreatedAt > yesterday, cancel);
        var bounced = await db.Messages.CountAsync(m => m.State == MessageState.Bounced && m.ReportedAt > yesterday, cancel);
        var stuck = await db.Messages.CountAsync(m => (m.State == MessageState.Pending || m.State == MessageState.WaitingForContact || m.State == MessageState.WaitingForCatalogue) && m.CreatedAt < yesterday, cancel);
        var waiting = await db.Questions.CountAsync(q => q.State == QuestionState.Open, cancel);
        var steps = (await db.Periods.AsNoTracking().ToListAsync(cancel))
            .Select(p => System.Text.Json.JsonSerializer.Deserialize<Contracts.Programmes.Period>(p.Body, Outbox.Json)!)
            .SelectMany(p => Steps(p).Where(s => s.At > now && s.At <= soon)).OrderBy(s => s.At).ToList();
        return new(failed, bounced, stuck, waiting, steps);
    }

    static IEnumerable<DueStep> Steps(Contracts.Programmes.Period period) =>
    [
        new(period.Code, "Freeze", period.PhaseA.Closes), .. period.DrawAt is { } at ? [new DueStep(period.Code, "Draw", at)] : Array.Empty<DueStep>(),
        new(period.Code, "PhaseBOpens", period.PhaseB.Opens), new(period.Code, "PhaseBCloses", period.PhaseB.Closes),
        new(period.Code, "EnrolmentCloses", period.Enrolment.Closes),
    ];
}

/// <summary>What the office's digest tells.</summary>
public record DigestFacts(int Failed, int Bounced, int Stuck, int Questions, IReadOnlyList<DueStep> Steps)
{
    public bool IsEmpty => this is { Failed: 0, Bounced: 0, Stuck: 0, Questions: 0, Steps.Count: 0 };
}

/// <param name="Step"><c>Freeze</c>, <c>Draw</c>, <c>PhaseBOpens</c>, <c>PhaseBCloses</c> or <c>EnrolmentCloses</c>.</param>
public record DueStep(string Period, string Step, DateTimeOffset At);

/// <summary>Where the office reads its mail; without an address it gets none.</summary>
public class OfficeOptions
{
    public string? Email { get; init; }
    public string Language { get; init; } = "el";

    /// <summary>Time of day in Athens.</summary>
    public TimeOnly DigestAt { get; init; } = new(7, 30);
}
