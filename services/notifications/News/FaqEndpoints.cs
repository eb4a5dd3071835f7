using System.Security.Claims;
using EPimorfosi.Contracts;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Notifications.News;

/// <summary>Questions that are often asked, searched by what people type; written by the office.</summary>
public static class FaqEndpoints
{
    const int LongestQuery = 300;

    public static void MapFaq(this IEndpointRouteBuilder routes)
    {
        var faq = routes.MapGroup("/api/faq").WithTags("faq");
        faq.MapGet("/", List).AllowAnonymous();
        faq.MapPost("/{id:guid}/helped", Helped).AllowAnonymous();
        faq.MapGet("/all", async (NotificationsDb db, CancellationToken cancel) =>
            TypedResults.Ok((await db.Faq.AsNoTracking().OrderBy(e => e.Position).ThenBy(e => e.Id).ToListAsync(cancel)).ConvertAll(FaqView.Of))).RequireAuthorization(Policies.Office);
        faq.MapGet("/{id:guid}", async Task<Results<Ok<FaqView>, NotFound>> (Guid id, NotificationsDb db, CancellationToken cancel) =>
            await db.Faq.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancel) is { } found ? TypedResults.Ok(FaqView.Of(found)) : TypedResults.NotFound()).RequireAuthorization(Policies.Office);
        faq.MapGet("/{id:guid}/versions", NewsVersion.List).RequireAuthorization(Policies.Office);
        faq.MapPost("/preview", Preview).RequireAuthorization(Policies.Office);
        faq.MapPost("/", Write).RequireAuthorization(Policies.Office);
        faq.MapPut("/{id:guid}", Change).RequireAuthorization(Policies.Office);
        faq.MapDelete("/{id:guid}", Delete).RequireAuthorization(Policies.Office);
    }

    static async Task<Ok<Paged<FaqView>>> List(NotificationsDb db, CancellationToken cancel, string? q = null, int page = 1, int pageSize = 50)
    {
        (page, pageSize) = (Math.Clamp(page, 1, int.MaxValue / 200), Math.Clamp(pageSize, 1, 200));
        var found = FaqSearch.Find(await db.Faq.AsNoTracking().Where(e => e.Published).ToListAsync(cancel), q is { Length: > LongestQuery } ? q[..LongestQuery] : q);
        return TypedResults.Ok(new Paged<FaqView>([.. found.Skip((page - 1) * pageSize).Take(pageSize).Select(FaqView.Of)], page, pageSize, found.Count));
    }

    static async Task<Results<NoContent, NotFound>> Helped(Guid id, FaqVoice voice, NotificationsDb db, CancellationToken cancel) =>
        await db.Faq.Where(e => e.Id == id && e.Published).ExecuteUpdateAsync(set => set
            .SetProperty(e => e.Helped, e => e.Helped + (voice.Helped ? 1 : 0)).SetProperty(e => e.NotHelped, e => e.NotHelped + (voice.Helped ? 0 : 1)), cancel) == 1
            ? TypedResults.NoContent() : TypedResults.NotFound();

    static Results<Ok<AnnouncementHtml>, ProblemHttpResult> Preview(FaqText body, IStringLocalizer<Texts> text) => body.IsWhole
        ? TypedResults.Ok(new AnnouncementHtml(SafeMarkdown.Html(body.Answer.El), SafeMarkdown.Html(body.Answer.En)))
        : Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "faq", text["FaqFault"]);

    static async Task<Results<Created<FaqView>, ProblemHttpResult>> Write(FaqText body, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (!body.IsWhole)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "faq", text["FaqFault"]);
        }
        var made = new FaqEntry { Id = Guid.CreateVersion7(), Category = body.Category, Question = body.Question, Answer = body.Answer, Position = body.Position, Published = body.Published };
        db.Faq.Add(made);
        db.NewsVersions.Add(NewsVersion.Of(made.Id, made.Version, body, user, clock.GetUtcNow()));
        db.Record(OfficeAct.By(user, clock.GetUtcNow(), "faq.written", subject: made.Question.El));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Created($"/api/faq/{made.Id}", FaqView.Of(made));
    }

    static async Task<Results<Ok<FaqView>, NotFound, ProblemHttpResult>> Change(
        Guid id, FaqText body, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (!body.IsWhole)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "faq", text["FaqFault"]);
        }
        if (await db.Faq.SingleOrDefaultAsync(e => e.Id == id, cancel) is not { } found)
        {
            return TypedResults.NotFound();
        }
        if (body.Version != found.Version)
        {
            return NewsVersion.Stale(text);
        }
        (found.Category, found.Question, found.Answer, found.Position, found.Published, found.Version) = (body.Category, body.Question, body.Answer, body.Position, body.Published, found.Version + 1);
        db.NewsVersions.Add(NewsVersion.Of(id, found.Version, body, user, clock.GetUtcNow()));
        db.Record(OfficeAct.By(user, clock.GetUtcNow(), "faq.changed", subject: found.Question.El));
        return await NewsVersion.Save(db, cancel) ? TypedResults.Ok(FaqView.Of(found)) : NewsVersion.Stale(text);
    }

    static async Task<Results<NoContent, NotFound>> Delete(Guid id, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Faq.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancel) is not { } found || await db.Faq.Where(e => e.Id == id).ExecuteDeleteAsync(cancel) == 0)
        {
            return TypedResults.NotFound();
        }
        db.Record(OfficeAct.By(user, clock.GetUtcNow(), "faq.deleted", subject: found.Question.El));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }
}

/// <param name="Version">Which one is changed: a change of an older one is refused.</param>
public record FaqText(string Category, LocalText Question, LocalText Answer, int Position = 0, bool Published = true, int? Version = null)
{
    public bool IsWhole => Category is { Length: > 0 and <= 100 } && Question is { El.Length: > 0 and <= 300, En.Length: <= 300 } && Answer is { El.Length: > 0 and <= 10_000, En.Length: <= 10_000 }
        && !$"{Category}{Question.El}{Question.En}{Answer.El}{Answer.En}".Contains('\0', StringComparison.Ordinal);
}

public record FaqVoice(bool Helped);

public record FaqView(Guid Id, string Category, LocalText Question, LocalText Answer, AnnouncementHtml Html, int Position, bool Published, int Helped, int NotHelped, int Version)
{
    public static FaqView Of(FaqEntry e) => new(e.Id, e.Category, e.Question, e.Answer, new(SafeMarkdown.Html(e.Answer.El), SafeMarkdown.Html(e.Answer.En)), e.Position, e.Published, e.Helped, e.NotHelped, e.Version);
}
