using System.Security.Claims;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Notifications.Recipients;

/// <summary>A teacher's own wishes, and the way out of announcements by the link in each of them.</summary>
public static class PreferenceEndpoints
{
    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/messages").WithTags("messages");
        messages.MapGet("/preferences", Get).RequireAuthorization(Policies.Teacher);
        messages.MapPut("/preferences", Put).RequireAuthorization(Policies.Teacher);
        // RFC 8058: a mail program posts here; a person comes by a link, and a link that is only looked at changes nothing.
        messages.MapPost("/unsubscribe/{token}", (string token, Links links, NotificationsDb db, CancellationToken cancel) => Subscribe(token, false, links, db, cancel)).AllowAnonymous();
        messages.MapDelete("/unsubscribe/{token}", (string token, Links links, NotificationsDb db, CancellationToken cancel) => Subscribe(token, true, links, db, cancel)).AllowAnonymous();
        messages.MapGet("/unsubscribe/{token}", (string token) => TypedResults.LocalRedirect($"/unsubscribe/{Uri.EscapeDataString(token)}")).AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<Results<Ok<Wishes>, ForbidHttpResult>> Get(ClaimsPrincipal user, NotificationsDb db, CancellationToken cancel) =>
        user.RegistryNumber() is not { } me ? TypedResults.Forbid()
        : TypedResults.Ok(Wishes.Of(await db.Preferences.AsNoTracking().SingleOrDefaultAsync(p => p.RegistryNumber == me, cancel) ?? new() { RegistryNumber = me }));

    static async Task<Results<Ok<Wishes>, ForbidHttpResult, ProblemHttpResult>> Put(
        Wishes wishes, ClaimsPrincipal user, NotificationsDb db, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        if (user.RegistryNumber() is not { } me)
        {
            return TypedResults.Forbid();
        }
        if (wishes.Language is not (null or "el" or "en") || (wishes.QuietFrom is null) != (wishes.QuietTo is null))
        {
            return Problems.Refuse(StatusCodes.Status422UnprocessableEntity, "preferences", text["PreferencesFault"]);
        }
        await db.Database.ExecuteSqlAsync($"""
            insert into preferences (registry_number, language, sms, announcements, quiet_from, quiet_to)
            values ({me}, {wishes.Language}, {wishes.Sms}, {wishes.Announcements}, {wishes.QuietFrom}, {wishes.QuietTo})
            on conflict (registry_number) do update set language = excluded.language, sms = excluded.sms, announcements = excluded.announcements,
                quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to
            """, cancel);
        return TypedResults.Ok(wishes);
    }

    static async Task<Results<NoContent, NotFound>> Subscribe(string token, bool wanted, Links links, NotificationsDb db, CancellationToken cancel)
    {
        if (links.Read("unsubscribe", token) is not { } person)
        {
            return TypedResults.NotFound();
        }
        await db.Database.ExecuteSqlAsync($"""
            insert into preferences (registry_number, sms, announcements) values ({person}, true, {wanted})
            on conflict (registry_number) do update set announcements = excluded.announcements
            """, cancel);
        return TypedResults.NoContent();
    }
}

/// <param name="QuietFrom">Time of day in Athens, with <paramref name="QuietTo"/>; neither for none.</param>
public record Wishes(string? Language, bool Sms, bool Announcements, TimeOnly? QuietFrom, TimeOnly? QuietTo)
{
    public static Wishes Of(Preferences preferences) => new(preferences.Language, preferences.Sms, preferences.Announcements, preferences.QuietFrom, preferences.QuietTo);
}
