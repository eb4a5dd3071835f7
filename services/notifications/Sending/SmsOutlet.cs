using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EPimorfosi.Notifications.Messages;

namespace EPimorfosi.Notifications.Sending;

/// <summary>
/// SMS by an HTTP provider, in one of two shapes, to <c>Sms:Url</c>; any 2xx means taken, and the reference is the same for a repeat.
/// <c>Json</c>: <c>Authorization: Bearer {Sms:Token}</c>, <c>{"to":"+306900000000","from":"ePimorfosi","text":"…","reference":"…"}</c>, answered with
/// <c>{"id":"…"}</c>. <c>Form</c>, as Twilio and those like it: basic authentication, fields <c>To, From, Body, StatusCallback</c>, answered with <c>{"sid":"…"}</c>.
/// </summary>
public sealed class SmsOutlet(HttpClient http, SmsOptions options, Uri reports) : IOutlet
{
    const int LongestAnswer = 64 * 1024;

    public Channel Channel => Channel.Sms;

    public Task Open(CancellationToken cancel) => Task.CompletedTask;

    /// <returns>The provider's name for it; null where its answer could not be read, for it was taken all the same.</returns>
    public async Task<string?> Send(Parcel parcel, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = Content(parcel) };
        request.Headers.Authorization = Authorization();
        request.Headers.Add("Idempotency-Key", parcel.Reference);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.EnsureSuccessStatusCode();
        return await Id(response, cancel);
    }

    public Fault Judge(Exception thrown) => thrown switch
    {
        FormatException => Fault.Permanent, // no number
        // A token or address that is refused is our fault and not the recipient's.
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound } => Fault.Connection,
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => Fault.Connection,
        HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } => Fault.Permanent,
        HttpRequestException { StatusCode: not null } => Fault.Temporary,
        HttpRequestException or OperationCanceledException => Fault.Connection,
        _ => Fault.Temporary,
    };

    public void Dispose() => http.Dispose();

    HttpContent Content(Parcel parcel) => options.Shape == SmsShape.Json
        ? JsonContent.Create(new SmsRequest(parcel.Address, options.Sender, parcel.Text, parcel.Reference))
        : new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["To"] = parcel.Address,
            ["From"] = options.Sender,
            ["Body"] = parcel.Text,
            ["StatusCallback"] = reports.ToString(),
        });

    AuthenticationHeaderValue? Authorization() => options switch
    {
        { Token: null } => null,
        { Shape: SmsShape.Form } => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Account}:{options.Token}"))),
        _ => new("Bearer", options.Token),
    };

    /// <summary>Whatever the answer holds, a 2xx was given: sending it again would be the greater fault.</summary>
    static async Task<string?> Id(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestAnswer, cancel);
            var answer = (await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel)).RootElement;
            foreach (var name in (string[])["id", "sid", "messageId"])
            {
                if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: <= 200 } text)
                {
                    return text;
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or HttpRequestException or IOException or OperationCanceledException)
        {
            // Read in the provider's own account.
        }
        return null;
    }
}

public record SmsRequest(string To, string From, string Text, string Reference);
