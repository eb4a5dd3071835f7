using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Messages;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Notifications.News;

/// <summary>When an announcement becomes public that is to be sent by e-mail, stores a message to each teacher whom it concerns; one replica at a time.</summary>
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
            var after = "";
            while (await Concerned(db, announcement, after, cancel) is { Count: > 0 } some)
            {
                after = some[^1];
                await intake.Store([.. some.Select(n => new NewMessage($"announcement/{announcement.Id}", n, MessageKind.Announcement, new AnnouncementFacts(announcement.Id)) { RegistryNumber = n })], cancel);
            }
            announcement.MailedAt = now;
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
    }

    /// <summary>Of a cluster is who applied there; of a prefecture, who applied for a programme of a centre there. An announcement for another role goes to no teacher.</summary>
    static Task<List<string>> Concerned(NotificationsDb db, Announcement announcement, string after, CancellationToken cancel) =>
        announcement.Role is not (null or Policies.Teacher) ? Task.FromResult<List<string>>([]) : db.Database.SqlQuery<string>($"""
            select c.registry_number as "Value" from contacts c left join preferences p using (registry_number)
            where c.registry_number > {after} and p.announcements is not false
                and (({announcement.Cluster}::text is null and {announcement.Prefecture}::text is null) or exists (
                    select from holders h join messages m on m.period = h.period and m.ticket = h.ticket and m.kind = 'Received'
                    where h.registry_number = c.registry_number and ({announcement.Cluster}::text is null or m.facts ->> 'cluster' = {announcement.Cluster})
                        and ({announcement.Prefecture}::text is null or exists (
                            select from programmes g where g.period = m.period and m.facts -> 'preferences' ? g.code and g.body ->> 'prefecture' = {announcement.Prefecture}))))
            order by c.registry_number limit {AtOnce}
            """).ToListAsync(cancel);
}
