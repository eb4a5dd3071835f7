using System.Text;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Messages;
using EPimorfosi.Notifications.Sending;
using EPimorfosi.Notifications.Templates;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Notifications.Wordings;

/// <summary>Each template as its recipient would see it, filled with made-up facts, and its wordings over time.</summary>
public static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder routes)
    {
        var previews = routes.MapGroup("/api/messages/preview").RequireAuthorization(Policies.Office).WithTags("messages");
        previews.MapGet("/", () => TypedResults.Ok(Enum.GetNames<MessageKind>()));
        previews.MapGet("/{kind}", Get);
        previews.MapGet("/{kind}/html", GetHtml).ExcludeFromDescription();
    }

    static async Task<Results<Ok<Preview>, NotFound>> Get(string kind, Links links, PublicAddress address, NotificationsDb db, IOptions<SmsOptions> sms, CancellationToken cancel, string? language = null)
    {
        if (Known(kind) is not { } known)
        {
            return TypedResults.NotFound();
        }
        var (spoken, letter) = Write(known, language, links, address);
        var shortText = known.IsMailOnly() ? null : Letter.Write(Samples.Message(known, spoken, Channel.Sms), Samples.Catalogue, address.Root, links).Text;
        var parts = shortText is null ? null : SmsParts.Of(shortText);
        var versions = await db.Wordings.AsNoTracking().Where(w => w.Kind == known && w.Language == spoken).OrderByDescending(w => w.Version)
            .Select(w => new WordingView(w.Version, w.Since, w.Subject, w.Text, w.Sms)).ToListAsync(cancel);
        return TypedResults.Ok(new Preview(known, spoken, known.IsMandatory(), letter.Subject, letter.Text, shortText, parts?.Parts, parts?.Units, parts is null ? null : parts.Parts * sms.Value.PricePerPart, sms.Value.Currency, versions));
    }

    /// <summary>Framed by our own page only, and unable to do anything.</summary>
    static Results<ContentHttpResult, NotFound> GetHtml(string kind, Links links, PublicAddress address, HttpResponse response, string? language = null)
    {
        if (Known(kind) is not { } known)
        {
            return TypedResults.NotFound();
        }
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
        var (spoken, letter) = Write(known, language, links, address);
        return TypedResults.Text(Html.Of(letter.Text, spoken), "text/html", Encoding.UTF8);
    }

    static (string Language, Parcel Letter) Write(MessageKind kind, string? language, Links links, PublicAddress address)
    {
        var spoken = language == "en" ? "en" : "el";
        return (spoken, Letter.Write(Samples.Message(kind, spoken, Channel.Email), Samples.Catalogue, address.Root, links));
    }

    static MessageKind? Known(string kind) => Enum.GetNames<MessageKind>().Contains(kind, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<MessageKind>(kind, ignoreCase: true) : null;
}

/// <param name="Sms">Null for what goes by e-mail alone.</param>
/// <param name="Cost">Of one such SMS; 0 where no price is configured.</param>
public record Preview(
    MessageKind Kind, string Language, bool Mandatory, string Subject, string Text, string? Sms, int? SmsParts, int? SmsUnits, decimal? Cost, string Currency, IReadOnlyList<WordingView> Versions);

public record WordingView(int Version, DateTimeOffset Since, string Subject, string Text, string? Sms);
