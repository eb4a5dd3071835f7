using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using EPimorfosi.Contracts;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Services;

namespace EPimorfosi.Gateway.Pages.News;

/// <summary>What these pages read and do in notifications, as whoever looks at them.</summary>
sealed class NewsData(IHttpClientFactory clients, Sessions sessions)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public Task<Told<T>> Get<T>(HttpContext http, string path) where T : class => Send<T>(http, HttpMethod.Get, path, null);

    public Task<Told<T>> Send<T>(HttpContext http, HttpMethod method, string path, object? body) where T : class =>
        Send<T>(http, method, path, body is null ? null : JsonContent.Create(body, options: Json));

    public async Task<Told<T>> Send<T>(HttpContext http, HttpMethod method, string path, HttpContent? content) where T : class
    {
        try
        {
            using var client = clients.CreateClient("Notifications");
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
            if (await sessions.Of(http.User, http.RequestAborted) is { } session)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
            }
            request.Headers.AcceptLanguage.ParseAdd(Language.IsGreek ? "el" : "en");
            using var response = await client.SendAsync(request, http.RequestAborted);
            return response switch
            {
                { StatusCode: HttpStatusCode.NoContent or HttpStatusCode.Accepted } => new(Found.Yes, null, null),
                { IsSuccessStatusCode: true } => new(Found.Yes, await response.Content.ReadFromJsonAsync<T>(Json, http.RequestAborted), null),
                { StatusCode: >= HttpStatusCode.InternalServerError } => new(Found.Unavailable, null, null),
                { Content.Headers.ContentType.MediaType: "application/problem+json" } => new(Found.No, null, (await response.Content.ReadFromJsonAsync<Refused>(Json, http.RequestAborted))?.Title),
                _ => new(Found.No, null, null),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException || (fault is TaskCanceledException && !http.RequestAborted.IsCancellationRequested))
        {
            return new(Found.Unavailable, null, null);
        }
    }
}

/// <param name="Fault">Why not, in the reader's words.</param>
sealed record Told<T>(Found Found, T? Value, string? Fault) where T : class;

sealed record HtmlOf(string El, string En)
{
    public string Here => Language.IsGreek || En.Length == 0 ? El : En;
}

/// <param name="Recipients">How many it would reach by e-mail.</param>
sealed record PreviewOf(string El, string En, int Recipients);

sealed record News(
    Guid Id, LocalText Title, LocalText Text, HtmlOf Html, DateTimeOffset PublishAt, DateTimeOffset? Until, bool Pinned, string? Cluster, string? Prefecture, string? Role, bool ByMail, DateTimeOffset? MailedAt, int Version = 1);

sealed record FaqItem(Guid Id, string Category, LocalText Question, LocalText Answer, HtmlOf Html, int Position, bool Published, int Helped, int NotHelped, int Version = 1);

sealed record NewsVersion(int Version, string WrittenBy, DateTimeOffset At, NewsBody Body);

/// <summary>An announcement or a question as it was once written: each has two of the four texts.</summary>
sealed record NewsBody(LocalText? Title, LocalText? Text, LocalText? Question, LocalText? Answer)
{
    public IEnumerable<LocalText> Texts => new[] { Title, Text, Question, Answer }.OfType<LocalText>();
}

sealed record OwnMessage(Guid Id, string Kind, string Channel, string State, string? Subject, string? Body, string? Address, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? ReportedAt);

sealed record SentLine(Guid Id, string Kind, string Channel, string State, string Recipient, string? Address, string? Subject, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

sealed record MessageSummary(long Total, IReadOnlyDictionary<string, long> ByState, IReadOnlyList<ResultsTold> Results, SmsTotals? Sms, DateTimeOffset? OldestPending);

sealed record ResultsTold(string Period, int Draw, long Applications, long Messages);

sealed record SmsTotals(int Parts, decimal Cost, string Currency);

sealed record Wishes(string? Language, bool Sms, bool Announcements, TimeOnly? QuietFrom, TimeOnly? QuietTo);

sealed record Preview(string Kind, string Subject, string Text, bool Mandatory, string? Sms, int? SmsParts, int? SmsUnits, decimal? Cost, string Currency, IReadOnlyList<WordingView> Versions);

sealed record WordingView(int Version, DateTimeOffset Since, string Subject, string Text, string? Sms);

sealed record Asked(long Number, string State, string? Word);

sealed record OwnQuestion(long Number, string Subject, string State, DateTimeOffset AskedAt, string Word);

/// <summary>A question with all that was said about it.</summary>
public sealed record ThreadView(Guid Id, long Number, string Subject, string Category, string State, string Name, DateTimeOffset AskedAt, IReadOnlyList<EntryView> Entries);

/// <summary>One thing said.</summary>
public sealed record EntryView(bool FromOffice, string Author, string Text, DateTimeOffset At, bool ByMail, IReadOnlyList<AttachmentView> Attachments);

/// <summary>A file in a thread.</summary>
public sealed record AttachmentView(Guid Id, string Name, int Size);

sealed record QueueLine(Guid Id, long Number, string Subject, string Category, string State, string? Owner, string Name, DateTimeOffset AskedAt, DateTimeOffset ChangedAt);

sealed record DeskSummary(IReadOnlyDictionary<string, int> ByState, double? FirstAnswerMinutes);

sealed record DeskView(ThreadView Thread, string? Owner, string Email, string? RegistryNumber, IReadOnlyList<HeldTicket> Tickets);

sealed record HeldTicket(string Period, string Ticket);

sealed record Canned(Guid Id, string Title, string Text);

/// <summary>Date and time as a form has them: by the clock of Athens (R30), without a zone.</summary>
static class Local
{
    static readonly TimeZoneInfo Athens = TimeZoneInfo.FindSystemTimeZoneById("Europe/Athens");

    public static string Of(DateTimeOffset? at) => at is { } moment ? TimeZoneInfo.ConvertTime(moment, Athens).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) : "";

    /// <summary>Null for nothing; the hour that summer time skips is the next one.</summary>
    public static DateTimeOffset? Read(string typed)
    {
        if (!DateTime.TryParse(typed, CultureInfo.InvariantCulture, out var at))
        {
            return null;
        }
        at = Athens.IsInvalidTime(at) ? at.AddHours(1) : at;
        return new(at, Athens.GetUtcOffset(at));
    }
}
