using EPimorfosi.Defaults;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EPimorfosi.Notifications.Incoming;

/// <summary>Reads the mailbox that bounces and answers come to (IMAP), where one is configured; one replica at a time.</summary>
public sealed class MailboxReader(IOptions<ImapOptions> options, NpgsqlDataSource database, IServiceScopeFactory scopes, ILogger<MailboxReader> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.Host is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var turn = await Election.TryEnter(database, "mailbox", stoppingToken);
                if (turn is not null)
                {
                    await ReadAll(stoppingToken);
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The mailbox can't be read now: {Fault}: {Reason}", fault.GetType().Name, fault.Message);
            }
            await Task.Delay(options.Value.Poll, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>A mail is marked as seen only when it is taken in: if that fails, it is there the next time.</summary>
    async Task ReadAll(CancellationToken stopping)
    {
        using var client = new ImapClient { Timeout = 30_000 };
        await client.ConnectAsync(options.Value.Host!, options.Value.Port, options.Value.UseTls ? SecureSocketOptions.Auto : SecureSocketOptions.None, stopping);
        await client.AuthenticateAsync(options.Value.User ?? "", options.Value.Password ?? "", stopping);
        var inbox = client.Inbox;
        await inbox.OpenAsync(FolderAccess.ReadWrite, stopping);
        foreach (var id in await inbox.SearchAsync(SearchQuery.NotSeen, stopping))
        {
            try
            {
                using var mail = await inbox.GetMessageAsync(id, stopping);
                await using var scope = scopes.CreateAsyncScope();
                var what = await scope.ServiceProvider.GetRequiredService<Intake>().Take(mail, stopping);
                log.LogInformation("Mail {Id} was taken in: {What}.", id.Id, what);
            }
            catch (FormatException)
            {
                log.LogWarning("Mail {Id} is no mail.", id.Id);
            }
            await inbox.AddFlagsAsync(id, MessageFlags.Seen, silent: true, stopping);
        }
        await client.DisconnectAsync(quit: true, stopping);
    }
}

/// <summary>The mailbox for bounces and answers; none while <see cref="Host"/> is absent.</summary>
public class ImapOptions
{
    public string? Host { get; init; }
    public int Port { get; init; } = 993;
    public string? User { get; init; }
    public string? Password { get; init; }
    public bool UseTls { get; init; } = true;
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(30);
}
