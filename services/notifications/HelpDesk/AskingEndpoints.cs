using System.ComponentModel.DataAnnotations;
using System.Net.Mime;
using System.Security.Claims;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using MimeKit;

namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>Who asks: with an account, or as a guest whose address is confirmed by a link. A thread is opened by the word in that link.</summary>
public static class AskingEndpoints
{
    const long LongestForm = 27L << 20;

    public static void MapAsking(this IEndpointRouteBuilder routes)
    {
        var help = routes.MapGroup("/api/help").WithTags("help desk");
        help.MapPost("/", Ask).AllowAnonymous().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(LongestForm));
        help.MapGet("/mine", Mine).RequireAuthorization(Policies.Teacher);
        help.MapPost("/threads/{word}/confirm", Confirm).AllowAnonymous();
        help.MapGet("/threads/{word}", Read).AllowAnonymous();
        help.MapPost("/threads/{word}", Add).AllowAnonymous().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(LongestForm));
        help.MapGet("/threads/{word}/attachments/{id:guid}", Attachment).AllowAnonymous();
    }

    static async Task<Results<Created<Asked>, ProblemHttpResult>> Ask(
        [FromForm] string subject, [FromForm] string text, [FromForm] string? category, [FromForm] string? name, [FromForm] string? email, [FromForm] string? language,
        IFormFileCollection? files, ClaimsPrincipal user, NotificationsDb db, Threads threads, Links links, TimeProvider clock, IStringLocalizer<Texts> say, CancellationToken cancel)
    {
        var contact = user.RegistryNumber() is { } me ? await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.RegistryNumber == me, cancel) : null;
        var address = (contact?.Email ?? email ?? "").Trim();
        var given = await Given(files, cancel);
        if (Fault(subject, text, address) is { } fault || (fault = await threads.Fault(given, cancel)) is not null)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "question", say[fault]);
        }
        var now = clock.GetUtcNow();
        var question = await threads.Ask(new()
        {
            Id = Guid.CreateVersion7(),
            Subject = OneLine(subject),
            Category = Categories.Known(category),
            State = contact is null ? QuestionState.Unconfirmed : QuestionState.Open,
            RegistryNumber = contact?.RegistryNumber,
            Name = OneLine(contact is null ? name ?? "" : $"{contact.FirstName} {contact.LastName}"),
            Email = address,
            Language = language == "en" || (language is null && contact?.Language == "en") ? "en" : "el",
            AskedAt = now,
            ChangedAt = now,
        }, text.Trim(), given, cancel);
        // The guest's word goes to their address and nowhere else.
        var word = contact is null ? null : links.Write("question", $"{question.Id:N}");
        return TypedResults.Created($"/api/help/threads/{word}", new Asked(question.Number, question.State, word));
    }

    static async Task<Results<Ok<List<OwnQuestion>>, ForbidHttpResult>> Mine(ClaimsPrincipal user, NotificationsDb db, Links links, CancellationToken cancel) =>
        user.RegistryNumber() is not { } me ? TypedResults.Forbid()
        : TypedResults.Ok((await db.Questions.AsNoTracking().Where(q => q.RegistryNumber == me).OrderByDescending(q => q.Number).Take(200).ToListAsync(cancel))
            .ConvertAll(q => new OwnQuestion(q.Number, q.Subject, q.State, q.AskedAt, q.ChangedAt, links.Write("question", $"{q.Id:N}"))));

    static async Task<Results<NoContent, NotFound>> Confirm(string word, NotificationsDb db, Threads threads, Links links, CancellationToken cancel)
    {
        if (await Find(word, db, links, cancel) is not { } question)
        {
            return TypedResults.NotFound();
        }
        await threads.Confirm(question, cancel);
        return TypedResults.NoContent();
    }

    static async Task<Results<Ok<ThreadView>, NotFound>> Read(string word, NotificationsDb db, Links links, CancellationToken cancel) =>
        await Find(word, db, links, cancel) is { } question ? TypedResults.Ok(await ThreadView.Of(question, db, cancel)) : TypedResults.NotFound();

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Add(
        string word, [FromForm] string text, IFormFileCollection? files, NotificationsDb db, Threads threads, Links links, IStringLocalizer<Texts> say, CancellationToken cancel)
    {
        if (await Find(word, db, links, cancel) is not { State: not QuestionState.Unconfirmed } question)
        {
            return TypedResults.NotFound();
        }
        var given = await Given(files, cancel);
        if (Fault(question.Subject, text, question.Email) is { } fault || (fault = await threads.Fault(given, cancel)) is not null)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "question", say[fault]);
        }
        return await threads.Add(question, question.Name, text.Trim(), given, null, cancel)
            ? TypedResults.NoContent() : Problems.Refuse(StatusCodes.Status429TooManyRequests, "too-many-requests", say["QuestionPace"]);
    }

    static async Task<Results<FileContentHttpResult, NotFound>> Attachment(string word, Guid id, HttpResponse response, NotificationsDb db, Links links, CancellationToken cancel) =>
        await Find(word, db, links, cancel) is { } question && await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.Question == question.Id, cancel) is { } found
            ? Send(found, response) : TypedResults.NotFound();

    /// <summary>To be kept, never to be shown in our name: whatever it holds runs nowhere.</summary>
    internal static FileContentHttpResult Send(Attachment file, HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(file.Content, file.Type, file.Name);
    }

    static async Task<Question?> Find(string word, NotificationsDb db, Links links, CancellationToken cancel) =>
        links.Read("question", word) is { } id && Guid.TryParseExact(id, "N", out var question) ? await db.Questions.SingleOrDefaultAsync(q => q.Id == question, cancel) : null;

    static async Task<List<GivenFile>> Given(IFormFileCollection? files, CancellationToken cancel)
    {
        var given = new List<GivenFile>();
        foreach (var file in (files ?? Enumerable.Empty<IFormFile>()).Where(f => f.Length > 0).Take(AttachmentCheck.MostFiles + 1))
        {
            using var content = new MemoryStream();
            await file.CopyToAsync(content, cancel);
            given.Add(new(file.FileName, content.ToArray()));
        }
        return given;
    }

    static string? Fault(string subject, string text, string email) =>
        string.IsNullOrWhiteSpace(subject) || subject.Length > 150 ? "QuestionSubject"
        : !IsText(text) ? "QuestionText"
        : !new EmailAddressAttribute().IsValid(email) || !MailboxAddress.TryParse(email, out _) || email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "QuestionEmail" : null;

    internal static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= 10_000 && !text.Contains('\0', StringComparison.Ordinal);

    static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim() is var line && line.Length <= 150 ? line : line[..150];
}

/// <summary>What a question may be about.</summary>
public static class Categories
{
    public static IReadOnlyList<string> All { get; } = ["application", "draw", "programmes", "account", "other"];

    public static string Known(string? category) => All.Contains(category) ? category! : "other";
}

/// <param name="Word">Opens the thread; a guest's comes by e-mail.</param>
public record Asked(long Number, QuestionState State, string? Word);

public record OwnQuestion(long Number, string Subject, QuestionState State, DateTimeOffset AskedAt, DateTimeOffset ChangedAt, string Word);

public record ThreadView(Guid Id, long Number, string Subject, string Category, QuestionState State, string Name, DateTimeOffset AskedAt, IReadOnlyList<EntryView> Entries)
{
    public static async Task<ThreadView> Of(Question question, NotificationsDb db, CancellationToken cancel)
    {
        var files = await db.Attachments.Where(a => a.Question == question.Id).OrderBy(a => a.Id).Select(a => new { a.Entry, View = new AttachmentView(a.Id, a.Name, a.Content.Length) }).ToListAsync(cancel);
        var entries = await db.Entries.AsNoTracking().Where(e => e.Question == question.Id).OrderBy(e => e.Id).ToListAsync(cancel);
        return new(question.Id, question.Number, question.Subject, question.Category, question.State, question.Name, question.AskedAt,
            [.. entries.Select(e => new EntryView(e.FromOffice, e.Author, e.Text, e.At, e.MailId is not null, [.. files.Where(f => f.Entry == e.Id).Select(f => f.View)]))]);
    }
}

public record EntryView(bool FromOffice, string Author, string Text, DateTimeOffset At, bool ByMail, IReadOnlyList<AttachmentView> Attachments);

public record AttachmentView(Guid Id, string Name, int Size);
