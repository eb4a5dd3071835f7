using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Messages;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Notifications.News;

/// <summary>When an announcement becomes public that is to be sent by e-mail, stores a message to each whom it concerns; one replica at a time.</summary>
public sealed class AnnouncementMails(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock, ILogger<AnnouncementMails> log) : BackgroundService
{
    const int AtOnce = 1000;
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await Election.TryEnter(database, "announcements", stoppingToken);
                if (turn is not null)
                {
                    await SendDue(stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Announcements can't be sent now: {Fault}: {Reason}", fault.GetType().Name, fault.Message);
            }
            await Task.Delay(Poll, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    async Task SendDue(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, intake) = (scope.ServiceProvider.GetRequiredService<NotificationsDb>(), scope.ServiceProvider.GetRequiredService<MessageIntake>());
        var now = clock.GetUtcNow();
        foreach (var announcement in await db.Announcements.Where(a => a.ByMail && a.MailedAt == null && a.PublishAt <= now).ToListAsync(cancel))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var (audience, after) = (new Audience(announcement.Role, announcement.Cluster, announcement.Prefecture), "");
            while (await audience.Some(db, after, AtOnce, cancel) is { Count: > 0 } some)
            {
                after = some[^1].Recipient;
                await intake.Store([.. some.Select(to => Letter(announcement, to))], cancel);
            }
            announcement.MailedAt = now;
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
    }

    static NewMessage Letter(Announcement announcement, Addressee to) =>
        new($"announcement/{announcement.Id}", to.Recipient, MessageKind.Announcement, new AnnouncementFacts(announcement.Id, to.Account)) { RegistryNumber = to.RegistryNumber, Email = to.Email };
}
