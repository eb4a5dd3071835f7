using System.Security.Claims;
using System.Text;
using System.Xml.Linq;
using EPimorfosi.Contracts;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Notifications.News;

/// <summary>Announcements for everybody, as a list and as a feed; written by the office.</summary>
public static class AnnouncementEndpoints
{
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    public static void MapAnnouncements(this IEndpointRouteBuilder routes)
    {
        var announcements = routes.MapGroup("/api/announcements").WithTags("announcements");
        announcements.MapGet("/", List).AllowAnonymous();
        announcements.MapGet("/feed.atom", Feed).AllowAnonymous().ExcludeFromDescription();
        announcements.MapGet("/all", All).RequireAuthorization(Policies.Office);
        announcements.MapGet("/{id:guid}", Get).AllowAnonymous();
        announcements.MapPost("/", Write).RequireAuthorization(Policies.Office);
        announcements.MapPut("/{id:guid}", Change).RequireAuthorization(Policies.Office);
        announcements.MapDelete("/{id:guid}", Delete).RequireAuthorization(Policies.Office);
        announcements.MapPost("/preview", Preview).RequireAuthorization(Policies.Office);
        announcements.MapGet("/{id:guid}/versions", NewsVersion.List).RequireAuthorization(Policies.Office);
    }

    static async Task<Ok<Paged<AnnouncementView>>> List(NotificationsDb db, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancel, int page = 1, int pageSize = 20)
    {
        (page, pageSize) = (Math.Clamp(page, 1, int.MaxValue / 200), Math.Clamp(pageSize, 1, 200));
        var shown = Shown(db, user, clock.GetUtcNow());
        var found = await shown.OrderByDescending(a => a.Pinned).ThenByDescending(a => a.PublishAt).ThenBy(a => a.Id).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancel);
        return TypedResults.Ok(new Paged<AnnouncementView>([.. found.Select(AnnouncementView.Of)], page, pageSize, await shown.LongCountAsync(cancel)));
    }

    static async Task<Results<Ok<AnnouncementView>, NotFound>> Get(Guid id, NotificationsDb db, ClaimsPrincipal user, TimeProvider clock, CancellationToken cancel)
    {
        var from = user.Is(Policies.Office) ? db.Announcements.AsNoTracking() : Shown(db, user, clock.GetUtcNow());
        return await from.SingleOrDefaultAsync(a => a.Id == id, cancel) is { } found ? TypedResults.Ok(AnnouncementView.Of(found)) : TypedResults.NotFound();
    }

    static IQueryable<Announcement> Shown(NotificationsDb db, ClaimsPrincipal user, DateTimeOffset now)
    {
        var roles = user.FindAll("role").Select(c => c.Value).ToArray();
        return db.Announcements.AsNoTracking().Where(a => a.PublishAt <= now && (a.Until == null || a.Until > now) && (a.Role == null || roles.Contains(a.Role)));
    }

    /// <summary>RFC 4287: the newest twenty that are for everybody's eyes.</summary>
    static async Task<ContentHttpResult> Feed(NotificationsDb db, PublicAddress address, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel, string? language = null)
    {
        var english = language == "en";
        var found = await Shown(db, new(), clock.GetUtcNow()).OrderByDescending(a => a.PublishAt).Take(20).ToListAsync(cancel);
        var self = address.Of($"/api/announcements/feed.atom?language={(english ? "en" : "el")}");
        var feed = new XElement(Atom + "feed", new XAttribute(XNamespace.Xml + "lang", english ? "en" : "el"),
            new XElement(Atom + "id", address.Of("/announcements")),
            new XElement(Atom + "title", Templates.Words.In(english ? "en" : "el").Text("FeedTitle")),
            new XElement(Atom + "updated", Instant(found.Select(a => a.ChangedAt).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max())),
            new XElement(Atom + "author", new XElement(Atom + "name", "ePimorfosi")),
            new XElement(Atom + "link", new XAttribute("rel", "self"), new XAttribute("href", self)),
            found.Select(a => new XElement(Atom + "entry",
                new XElement(Atom + "id", $"urn:uuid:{a.Id}"),
                new XElement(Atom + "title", Choose(a.Title, english)),
                new XElement(Atom + "published", Instant(a.PublishAt)), new XElement(Atom + "updated", Instant(a.ChangedAt > a.PublishAt ? a.ChangedAt : a.PublishAt)),
                new XElement(Atom + "link", new XAttribute("href", address.Of($"/announcements/{a.Id}"))),
                new XElement(Atom + "content", new XAttribute("type", "html"), SafeMarkdown.Html(Choose(a.Text, english))))));
        return TypedResults.Text($"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{feed}", "application/atom+xml", Encoding.UTF8);
    }

    static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    static string Choose(LocalText text, bool english) => english && text.En.Length > 0 ? text.En : text.El;

    static async Task<Ok<List<AnnouncementView>>> All(NotificationsDb db, CancellationToken cancel) =>
        TypedResults.Ok((await db.Announcements.AsNoTracking().OrderByDescending(a => a.PublishAt).Take(500).ToListAsync(cancel)).ConvertAll(AnnouncementView.Of));

    static async Task<Results<Ok<AnnouncementPreview>, ProblemHttpResult>> Preview(AnnouncementText body, NotificationsDb db, IStringLocalizer<Texts> text, CancellationToken cancel) => body.Fault is { } fault
        ? Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "announcement", text[fault])
        : TypedResults.Ok(new AnnouncementPreview(SafeMarkdown.Html(body.Text.El), SafeMarkdown.Html(body.Text.En), await body.Audience.Count(db, cancel)));

    static async Task<Results<Created<AnnouncementView>, ProblemHttpResult>> Write(
        AnnouncementText body, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (body.Fault is { } fault)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "announcement", text[fault]);
        }
        var now = clock.GetUtcNow();
        var made = new Announcement { Id = Guid.CreateVersion7(), Title = body.Title, Text = body.Text, PublishAt = body.PublishAt?.ToUniversalTime() ?? now, WrittenBy = user.DisplayName(), ChangedAt = now };
        body.Fill(made);
        db.Announcements.Add(made);
        db.NewsVersions.Add(NewsVersion.Of(made.Id, made.Version, body, user, now));
        db.Record(OfficeAct.By(user, now, "announcement.written", subject: made.Title.El));
        await db.SaveChangesAsync(cancel);
        return TypedResults.Created($"/api/announcements/{made.Id}", AnnouncementView.Of(made));
    }

    static async Task<Results<Ok<AnnouncementView>, NotFound, ProblemHttpResult>> Change(
        Guid id, AnnouncementText body, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (body.Fault is { } fault)
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "announcement", text[fault]);
        }
        if (await db.Announcements.SingleOrDefaultAsync(a => a.Id == id, cancel) is not { } found)
        {
            return TypedResults.NotFound();
        }
        if (body.Version != found.Version)
        {
            return NewsVersion.Stale(text);
        }
        (found.Title, found.Text, found.WrittenBy, found.ChangedAt, found.Version) = (body.Title, body.Text, user.DisplayName(), clock.GetUtcNow(), found.Version + 1);
        found.PublishAt = body.PublishAt?.ToUniversalTime() ?? found.PublishAt;
        body.Fill(found);
        db.NewsVersions.Add(NewsVersion.Of(id, found.Version, body, user, found.ChangedAt));
        db.Record(OfficeAct.By(user, found.ChangedAt, "announcement.changed", subject: found.Title.El));
        return await NewsVersion.Save(db, cancel) ? TypedResults.Ok(AnnouncementView.Of(found)) : NewsVersion.Stale(text);
    }

    /// <summary>What of it has not been sent yet is not sent any more.</summary>
    static async Task<Results<NoContent, NotFound>> Delete(Guid id, ClaimsPrincipal user, NotificationsDb db, TimeProvider clock, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Announcements.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancel) is not { } found || await db.Announcements.Where(a => a.Id == id).ExecuteDeleteAsync(cancel) == 0)
        {
            return TypedResults.NotFound();
        }
        db.Record(OfficeAct.By(user, clock.GetUtcNow(), "announcement.deleted", subject: found.Title.El));
        await db.SaveChangesAsync(cancel);
        await db.Database.ExecuteSqlAsync($"update messages set state = 'Skipped', due_at = null where event_key = {$"announcement/{id}"} and due_at is not null", cancel);
        await transaction.CommitAsync(cancel);
        return TypedResults.NoContent();
    }
}

/// <param name="PublishAt">Null for now.</param>
/// <param name="Version">Which one is changed: a change of an older one is refused.</param>
public record AnnouncementText(
    LocalText Title, LocalText Text, DateTimeOffset? PublishAt = null, DateTimeOffset? Until = null, bool Pinned = false,
    string? Cluster = null, string? Prefecture = null, string? Role = null, bool ByMail = false, int? Version = null)
{
    const int LongestTitle = 200, LongestText = 20_000;

    /// <summary>The text that tells what is wrong; null for nothing.</summary>
    public string? Fault => Title is not { El.Length: > 0 and <= LongestTitle, En.Length: <= LongestTitle } ? "AnnouncementTitle"
        : Text is not { El.Length: > 0 and <= LongestText, En.Length: <= LongestText } ? "AnnouncementText"
        : !string.IsNullOrWhiteSpace(Role) && !Policies.Roles.Contains(Role.Trim()) ? "AnnouncementRole"
        : Until is { } until && until <= (PublishAt ?? DateTimeOffset.MinValue) ? "AnnouncementUntil"
        : Title.El.Any(char.IsControl) || Title.En.Any(char.IsControl) ? "AnnouncementTitle"
        : $"{Text.El}{Text.En}{Cluster}{Prefecture}".Contains('\0', StringComparison.Ordinal) ? "AnnouncementText" : null;

    public Audience Audience => new(Blank(Role), Blank(Cluster), Blank(Prefecture));

    public void Fill(Announcement announcement)
    {
        (announcement.Until, announcement.Pinned, announcement.ByMail) = (Until?.ToUniversalTime(), Pinned, ByMail);
        (announcement.Role, announcement.Cluster, announcement.Prefecture) = Audience;
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

public record AnnouncementHtml(string El, string En);

/// <param name="Recipients">How many it would reach by e-mail now.</param>
public record AnnouncementPreview(string El, string En, int Recipients);

public record AnnouncementView(
    Guid Id, LocalText Title, LocalText Text, AnnouncementHtml Html, DateTimeOffset PublishAt, DateTimeOffset? Until, bool Pinned,
    string? Cluster, string? Prefecture, string? Role, bool ByMail, DateTimeOffset? MailedAt, DateTimeOffset ChangedAt, int Version)
{
    public static AnnouncementView Of(Announcement a) => new(
        a.Id, a.Title, a.Text, new(SafeMarkdown.Html(a.Text.El), SafeMarkdown.Html(a.Text.En)), a.PublishAt, a.Until, a.Pinned,
        a.Cluster, a.Prefecture, a.Role, a.ByMail, a.MailedAt, a.ChangedAt, a.Version);
}
