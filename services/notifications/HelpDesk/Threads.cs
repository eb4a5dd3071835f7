using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Sending;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>What happens in a thread, by whichever way it is said. Stored first, with the message about it in the same transaction: no mail server is needed for either.</summary>
public class Threads(NotificationsDb db, MessageIntake intake, Scanner scanner, Links links, IOptions<HelpDeskOptions> options, TimeProvider clock)
{
    /// <summary>The text that says why a file can't be taken; null if all can.</summary>
    public async Task<string?> Fault(IReadOnlyCollection<GivenFile> files, CancellationToken cancel)
    {
        if (files.Count > AttachmentCheck.MostFiles)
        {
            return "AttachmentMany";
        }
        foreach (var file in files)
        {
            if (AttachmentCheck.Judge(file.Name, file.Content).Fault is { } fault)
            {
                return fault;
            }
            if (!await scanner.IsClean(file.Content, cancel))
            {
                return "AttachmentVirus";
            }
        }
        return null;
    }

    public async Task<Question> Ask(Question question, string text, IReadOnlyCollection<GivenFile> files, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Questions.Add(question);
        Say(question, fromOffice: false, question.Name, text, files, null);
        await db.SaveChangesAsync(cancel);
        await Tell(question, question.State == QuestionState.Unconfirmed ? MessageKind.QuestionToConfirm : MessageKind.QuestionTaken, "asked", null, cancel);
        await transaction.CommitAsync(cancel);
        return question;
    }

    /// <returns>False if it was confirmed before.</returns>
    public async Task<bool> Confirm(Question question, CancellationToken cancel)
    {
        if (question.State != QuestionState.Unconfirmed)
        {
            return false;
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        (question.State, question.ChangedAt) = (QuestionState.Open, clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
        await Tell(question, MessageKind.QuestionTaken, "confirmed", null, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    public async Task Answer(Question question, string by, string text, bool close, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var entry = Say(question, fromOffice: true, by, text, [], null);
        (question.State, question.ChangedAt) = (close ? QuestionState.Closed : QuestionState.Answered, now);
        question.FirstAnsweredAt ??= now;
        question.Owner ??= by;
        await db.SaveChangesAsync(cancel);
        await Tell(question, MessageKind.QuestionAnswered, $"{entry.Id}", text, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>What its asker adds opens it again.</summary>
    /// <returns>False for a machine's pace.</returns>
    public async Task<bool> Add(Question question, string author, string text, IReadOnlyCollection<GivenFile> files, string? mailId, CancellationToken cancel)
    {
        var (now, hour) = (clock.GetUtcNow(), clock.GetUtcNow().AddHours(-1));
        if (await db.Entries.CountAsync(e => e.Question == question.Id && !e.FromOffice && e.At > hour, cancel) >= options.Value.MostAnHour)
        {
            return false;
        }
        Say(question, fromOffice: false, author, text, files, mailId);
        (question.State, question.ChangedAt) = (QuestionState.Open, now);
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>An answer by e-mail: its thread is in the address it was sent to.</summary>
    public async Task<string> Take(MimeMessage mail, CancellationToken cancel)
    {
        if (ThreadOf(mail) is not { } id || await db.Questions.SingleOrDefaultAsync(q => q.Id == id && q.State != QuestionState.Unconfirmed, cancel) is not { } question)
        {
            return "NoThread";
        }
        var mailId = $"{mail.MessageId}";
        if (await db.Entries.AnyAsync(e => e.Question == id && e.MailId == mailId, cancel))
        {
            return "Repeat";
        }
        var text = Quoted.Cut((mail.TextBody ?? Quoted.OfHtml(mail.HtmlBody ?? "")).Replace("\0", "", StringComparison.Ordinal));
        var (files, refused) = await Files(mail, cancel);
        var note = refused.Count > 0 ? $"\n\n[{string.Join(", ", refused)}: –]" : "";
        return text.Length + files.Count == 0 ? "Empty"
            : await Add(question, mail.From.Mailboxes.First().Address, text + note, files, mailId, cancel) ? "Entry" : "TooMany";
    }

    async Task<(List<GivenFile> Files, List<string> Refused)> Files(MimeMessage mail, CancellationToken cancel)
    {
        var (files, refused) = (new List<GivenFile>(), new List<string>());
        foreach (var part in mail.Attachments.OfType<MimePart>().Where(p => p.Content is not null))
        {
            using var content = new MemoryStream();
            await part.Content!.DecodeToAsync(content, cancel);
            var file = new GivenFile(AttachmentCheck.Name(part.FileName ?? "attachment"), content.ToArray());
            var taken = files.Count < AttachmentCheck.MostFiles && await Fault([file], cancel) is null;
            (taken ? () => files.Add(file) : (Action)(() => refused.Add(file.Name)))();
        }
        return (files, refused);
    }

    Guid? ThreadOf(MimeMessage mail)
    {
        var addresses = mail.To.Mailboxes.Concat(mail.Cc.Mailboxes).Select(m => m.Address)
            .Concat(mail.Headers.Where(h => h.Field is "Delivered-To" or "X-Original-To" or "Envelope-To").Select(h => h.Value.Trim(' ', '<', '>')));
        return addresses.Select(address => address.Split('@')[0].Split('+').ElementAtOrDefault(1) is { } word ? links.ReadThread(word) : null).FirstOrDefault(id => id is not null);
    }

    Entry Say(Question question, bool fromOffice, string author, string text, IEnumerable<GivenFile> files, string? mailId)
    {
        var entry = new Entry { Id = Guid.CreateVersion7(), Question = question.Id, FromOffice = fromOffice, Author = author, Text = text, At = clock.GetUtcNow(), MailId = mailId };
        db.Entries.Add(entry);
        db.Attachments.AddRange(files.Select(f => new Attachment
        {
            Id = Guid.CreateVersion7(),
            Question = question.Id,
            Entry = entry.Id,
            Name = AttachmentCheck.Name(f.Name),
            Type = AttachmentCheck.Judge(f.Name, f.Content).Type!,
            Content = f.Content,
        }));
        return entry;
    }

    Task Tell(Question question, MessageKind kind, string what, string? answer, CancellationToken cancel) => intake.Store(
        [new($"question/{question.Id}/{what}", question.RegistryNumber ?? $"question {question.Number}", kind,
            new QuestionFacts(question.Id, question.Number, question.Subject, answer, links.Write("question", $"{question.Id:N}")))
        {
            RegistryNumber = question.RegistryNumber, Email = question.Email, Language = question.Language,
        }], cancel);
}

/// <summary>A file as it came.</summary>
public record GivenFile(string Name, byte[] Content);
