using System.Net;
using System.Net.Http.Headers;

namespace EPimorfosi.Notifications.Sending;

/// <summary>
/// SMS by an HTTP provider: <c>POST {Sms:Url}</c>, <c>Authorization: Bearer {Sms:Token}</c>, JSON
/// <c>{"to":"+306900000000","from":"ePimorfosi","text":"…","reference":"…"}</c>. Any 2xx means taken; the same reference is a repeat.
/// </summary>
public sealed class SmsOutlet(HttpClient http, SmsOptions options) : IOutlet
{
    public Task Open(CancellationToken cancel) => Task.CompletedTask;

    public async Task Send(Parcel parcel, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = JsonContent.Create(new SmsRequest(parcel.Address, options.Sender, parcel.Text, parcel.Reference)),
        };
        request.Headers.Authorization = options.Token is null ? null : new AuthenticationHeaderValue("Bearer", options.Token);
        using var response = await http.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
    }

    public Fault Judge(Exception thrown) => thrown switch
    {
        // A token or address that is refused is our fault and not the recipient's.
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound } => Fault.Connection,
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => Fault.Connection,
        HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } => Fault.Permanent,
        HttpRequestException { StatusCode: not null } => Fault.Temporary,
        HttpRequestException or OperationCanceledException => Fault.Connection,
        _ => Fault.Temporary,
    };

    public void Dispose() => http.Dispose();
}

public record SmsRequest(string To, string From, string Text, string Reference);
