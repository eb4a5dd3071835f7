using System.Text.Json;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.Sending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using MimeKit;

namespace EPimorfosi.Notifications.Incoming;

/// <summary>What mail servers and SMS providers tell us. No account: each call is signed.</summary>
public static class IncomingEndpoints
{
    const int LongestMail = 15 << 20, LongestReport = 1 << 16;

    public static void MapIncoming(this IEndpointRouteBuilder routes)
    {
        var incoming = routes.MapGroup("/api/messages").AllowAnonymous().WithTags("messages");
        incoming.MapPost("/incoming", Mail).WithMetadata(new RequestSizeLimitAttribute(LongestMail));
        incoming.MapPost("/reports/sms", Report).WithMetadata(new RequestSizeLimitAttribute(LongestReport));
    }

    /// <summary>A whole mail as it came (<c>message/rfc822</c>), signed with <c>Incoming:Secret</c>.</summary>
    static async Task<Results<NoContent, ProblemHttpResult>> Mail(
        HttpRequest request, Intake intake, IOptions<IncomingOptions> options, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        var body = await Body(request, cancel);
        if (!Signature.IsOf(body, request.Headers["X-Signature"], options.Value.Secret, clock.GetUtcNow()))
        {
            return NotSigned(text);
        }
        try
        {
            await intake.Take(await MimeMessage.LoadAsync(new MemoryStream(body), cancel), cancel);
            return TypedResults.NoContent();
        }
        catch (FormatException)
        {
            return Problems.Refuse(StatusCodes.Status400BadRequest, "malformed-mail", text["MalformedMail"]);
        }
    }

    /// <summary>What became of an SMS: in JSON signed with <c>Sms:ReportSecret</c>, or as a form signed with the account's token.</summary>
    static async Task<Results<NoContent, ProblemHttpResult>> Report(
        HttpRequest request, NotificationsDb db, IOptions<SmsOptions> options, PublicAddress address, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancel)
    {
        var report = options.Value.Shape == SmsShape.Form
            ? await OfForm(request, options.Value, address, cancel)
            : OfJson(await Body(request, cancel), request.Headers["X-Signature"], options.Value, clock.GetUtcNow());
        if (report is null)
        {
            return NotSigned(text);
        }
        var state = report.Status?.ToLowerInvariant() switch
        {
            "delivered" => "Delivered",
            "undelivered" or "failed" or "rejected" or "expired" => "Failed",
            _ => null, // on its way
        };
        if (state is not null)
        {
            // A failure reported late does not take back a delivery; the same report again changes nothing.
            await db.Database.ExecuteSqlAsync($"""
                update messages set state = {state}, reported_at = {clock.GetUtcNow()}, error = {(state == "Failed" ? report.Error ?? report.Status : null)}
                where channel = 'Sms' and state in ('Sent', 'Failed') and sent_at is not null
                    and ((provider_id is not null and provider_id = {report.Id}) or id = {report.Message})
                """, cancel);
        }
        return TypedResults.NoContent();
    }

    static async Task<SmsReport?> OfForm(HttpRequest request, SmsOptions options, PublicAddress address, CancellationToken cancel)
    {
        if (!request.HasFormContentType)
        {
            return null;
        }
        var form = (await request.ReadFormAsync(cancel)).ToDictionary(f => f.Key, f => f.Value.ToString());
        return Signature.IsOfForm(address.Of(request.Path), form, request.Headers["X-Twilio-Signature"], options.Token)
            ? new(form.GetValueOrDefault("MessageSid"), null, form.GetValueOrDefault("MessageStatus"), form.GetValueOrDefault("ErrorCode"))
            : null;
    }

    static SmsReport? OfJson(byte[] body, string? signature, SmsOptions options, DateTimeOffset now)
    {
        try
        {
            return Signature.IsOf(body, signature, options.ReportSecret, now) ? JsonSerializer.Deserialize<SmsReport>(body, JsonSerializerOptions.Web) : null;
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException(fault.Message, fault);
        }
    }

    static async Task<byte[]> Body(HttpRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        return body.ToArray();
    }

    static ProblemHttpResult NotSigned(IStringLocalizer<Texts> text) => Problems.Refuse(StatusCodes.Status401Unauthorized, "not-signed", text["NotSigned"]);
}

/// <param name="Id">The provider's name for it; or <paramref name="Reference"/>, ours.</param>
/// <param name="Status"><c>delivered</c>, <c>undelivered</c>, <c>failed</c>, <c>rejected</c> or <c>expired</c>; anything else is on its way.</param>
public record SmsReport(string? Id, string? Reference, string? Status, string? Error)
{
    public Guid? Message => Guid.TryParseExact(Reference, "N", out var id) ? id : null;
}

/// <summary>Mail that comes in by webhook.</summary>
public class IncomingOptions
{
    /// <summary>Without it nothing is taken.</summary>
    public string? Secret { get; init; }
}
