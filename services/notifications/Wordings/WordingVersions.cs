using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Templates;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Notifications.Wordings;

/// <summary>
/// The templates' wordings over time. At start what has changed gets a new version, kept beside the old ones; a message that was sent keeps its own text
/// and the version it was written by.
/// </summary>
public sealed class WordingVersions(IDbContextFactory<NotificationsDb> contexts, TimeProvider clock) : IHostedService
{
    readonly ConcurrentDictionary<(MessageKind, string), int> current = new();

    public int Of(MessageKind kind, string language) => current.GetValueOrDefault((kind, language == "en" ? "en" : "el"));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"lock table wordings in share row exclusive mode", cancellationToken); // replicas start together
        var newest = (await db.Wordings.AsNoTracking().ToListAsync(cancellationToken)).GroupBy(w => (w.Kind, w.Language)).ToDictionary(g => g.Key, g => g.MaxBy(w => w.Version)!);
        foreach (var kind in Enum.GetValues<MessageKind>())
        {
            foreach (var language in (string[])["el", "en"])
            {
                var (subject, text, sms) = Texts(kind, language);
                var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{text}\n{sms}")));
                var last = newest.GetValueOrDefault((kind, language));
                if (last?.Digest != digest)
                {
                    db.Wordings.Add(last = new() { Kind = kind, Language = language, Version = (last?.Version ?? 0) + 1, Digest = digest, Subject = subject, Text = text, Sms = sms, Since = clock.GetUtcNow() });
                }
                current[(kind, language)] = last.Version;
            }
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static (string Subject, string Text, string? Sms) Texts(MessageKind kind, string language)
    {
        var words = Words.In(language);
        return (words.Text($"{kind}.Subject"), $"{words.Text("Greeting")}\n\n{words.Text($"{kind}.Text")}\n\n{words.Text("Closing")}", kind.IsMailOnly() ? null : words.Text($"{kind}.Sms"));
    }
}

/// <summary>A template's wording from some day on.</summary>
public class Wording
{
    public required MessageKind Kind { get; init; }
    public required string Language { get; init; }
    public required int Version { get; init; }
    public required string Digest { get; init; }
    public required string Subject { get; init; }
    public required string Text { get; init; }
    public string? Sms { get; init; }
    public required DateTimeOffset Since { get; init; }
}
