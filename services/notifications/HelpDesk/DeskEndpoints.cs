using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Notifications.HelpDesk;

/// <summary>The office's side: the queue, the answers, who sees to what.</summary>
public static class DeskEndpoints
{
    public static void MapDesk(this IEndpointRouteBuilder routes)
    {
        var desk = routes.MapGroup("/api/help").RequireAuthorization(Policies.Office).WithTags("help desk");
        desk.MapGet("/", Queue);
        desk.MapGet("/summary", Summarise);
        desk.MapGet("/{id:guid}", Get);
        desk.MapPut("/{id:guid}", Change);
        desk.MapPost("/{id:guid}/answers", Answer);
        desk.MapGet("/{id:guid}/attachments/{file:guid}", Attachment);
        desk.MapGet("/canned", async (NotificationsDb db, CancellationToken cancel) => TypedResults.Ok(await db.CannedAnswers.AsNoTracking().OrderBy(c => c.Title).ToListAsync(cancel)));
        desk.MapPost("/canned", AddCanned);
        desk.MapDelete("/canned/{id:guid}", async Task<Results<NoContent, NotFound>> (Guid id, NotificationsDb db, CancellationToken cancel) =>
            await db.CannedAnswers.Where(c => c.Id == id).ExecuteDeleteAsync(cancel) == 1 ? TypedResults.NoContent() : TypedResults.NotFound());
    }

    /// <summary>Those that wait longest first; a guest's that is not confirmed is not shown.</summary>
    static async Task<Ok<Paged<QueueLine>>> Queue(
        NotificationsDb db, CancellationToken cancel, QuestionState? state = null, string? owner = null, string? category = null, int page = 1, int pageSize = 50)
    {
        (page, pageSize) = (Math.Clamp(page, 1, int.MaxValue / 200), Math.Clamp(pageSize, 1, 200));
        var found = db.Questions.AsNoTracking().Where(q => q.State != QuestionState.Unconfirmed
            && (state == null || q.State == state) && (owner == null || q.Owner == owner) && (category == null || q.Category == category));
        var lines = await found.OrderBy(q => q.ChangedAt).ThenBy(q => q.Number).Skip((page - 1) * pageSize).Take(pageSize)
            .Select(q => new QueueLine(q.Id, q.Number, q.Subject, q.Category, q.State, q.Owner, q.Name, q.RegistryNumber, q.AskedAt, q.ChangedAt, q.FirstAnsweredAt)).ToListAsync(cancel);
        return TypedResults.Ok(new Paged<QueueLine>(lines, page, pageSize, await found.LongCountAsync(cancel)));
    }

    static async Task<Ok<DeskSummary>> Summarise(NotificationsDb db, CancellationToken cancel)
    {
        var states = await db.Questions.Where(q => q.State != QuestionState.Unconfirmed).GroupBy(q => q.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key.ToString(), g => g.Count, cancel);
        var median = await db.Database.SqlQuery<double?>($"""
            select percentile_cont(0.5) within group (order by extract(epoch from first_answered_at - asked_at))::float8 as "Value" from questions where first_answered_at is not null
            """).SingleAsync(cancel);
        return TypedResults.Ok(new DeskSummary(states, median is { } seconds ? Math.Round(seconds / 60, 1) : null));
    }

    static async Task<Results<Ok<DeskView>, NotFound>> Get(Guid id, NotificationsDb db, CancellationToken cancel)
    {
        if (await db.Questions.AsNoTracking().SingleOrDefaultAsync(q => q.Id == id, cancel) is not { } question)
        {
            return TypedResults.NotFound();
        }
        var tickets = question.RegistryNumber is null ? [] : await db.Holders.Where(h => h.RegistryNumber == question.RegistryNumber).OrderBy(h => h.Period).Select(h => new HeldTicket(h.Period, h.Ticket)).ToListAsync(cancel);
        return TypedResults.Ok(new DeskView(await ThreadView.Of(question, db, cancel), question.Owner, question.Email, question.RegistryNumber, tickets, question.FirstAnsweredAt));
    }

    static async Task<Results<NoContent, NotFound>> Change(Guid id, DeskChange change, NotificationsDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Questions.SingleOrDefaultAsync(q => q.Id == id && q.State != QuestionState.Unconfirmed, cancel) is not { } question)
        {
            return TypedResults.NotFound();
        }
        question.Owner = change.Owner is { Length: <= 100 } owner && !owner.Any(char.IsControl) ? owner : question.Owner;
        question.Category = change.Category is { } category ? Categories.Known(category) : question.Category;
        question.State = change.State is { } state and not QuestionState.Unconfirmed ? state : question.State;
        question.ChangedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Answer(
        Guid id, DeskAnswer answer, ClaimsPrincipal user, NotificationsDb db, Threads threads, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (!AskingEndpoints.IsText(answer.Text))
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "question", text["QuestionText"]);
        }
        if (await db.Questions.SingleOrDefaultAsync(q => q.Id == id && q.State != QuestionState.Unconfirmed, cancel) is not { } question)
        {
            return TypedResults.NotFound();
        }
        await threads.Answer(question, user.DisplayName(), answer.Text.Trim(), answer.Close, cancel);
        return TypedResults.NoContent();
    }

    static async Task<Results<FileContentHttpResult, NotFound>> Attachment(Guid id, Guid file, HttpResponse response, NotificationsDb db, CancellationToken cancel) =>
        await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == file && a.Question == id, cancel) is { } found ? AskingEndpoints.Send(found, response) : TypedResults.NotFound();

    static async Task<Results<Created<CannedAnswer>, ProblemHttpResult>> AddCanned(CannedText body, NotificationsDb db, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (!AskingEndpoints.IsText(body.Title) || !AskingEndpoints.IsText(body.Text))
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "question", text["QuestionText"]);
        }
        var made = new CannedAnswer { Id = Guid.CreateVersion7(), Title = body.Title.Trim(), Text = body.Text.Trim() };
        db.CannedAnswers.Add(made);
        await db.SaveChangesAsync(cancel);
        return TypedResults.Created($"/api/help/canned/{made.Id}", made);
    }
}

public record QueueLine(
    Guid Id, long Number, string Subject, string Category, QuestionState State, string? Owner, string Name, string? RegistryNumber,
    DateTimeOffset AskedAt, DateTimeOffset ChangedAt, DateTimeOffset? FirstAnsweredAt);

/// <param name="FirstAnswerMinutes">The median from the question to its first answer.</param>
public record DeskSummary(IReadOnlyDictionary<string, int> ByState, double? FirstAnswerMinutes);

/// <param name="Tickets">Of the teacher who asks: the way to their application and its explanation.</param>
public record DeskView(ThreadView Thread, string? Owner, string Email, string? RegistryNumber, IReadOnlyList<HeldTicket> Tickets, DateTimeOffset? FirstAnsweredAt);

public record HeldTicket(string Period, string Ticket);

public record DeskChange(QuestionState? State = null, string? Owner = null, string? Category = null);

public record DeskAnswer(string Text, bool Close = false);

public record CannedText(string Title, string Text);
