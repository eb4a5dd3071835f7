using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Notifications.Incoming;
using EPimorfosi.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EPimorfosi.Notifications.Tests;

/// <summary>SMS by an HTTP provider: only where one is configured, and only to those who gave a mobile.</summary>
public sealed class SmsTests : IAsyncLifetime
{
    readonly ConcurrentQueue<(string Authorization, JsonElement? Body, IFormCollection? Form, string Idempotency)> requests = new();
    readonly WebApplication provider;
    ConcurrentQueue<(int Status, string? Body)> answers = new();
    TimeSpan slow;

    public SmsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        provider = builder.Build();
        provider.MapPost("/send", async (HttpRequest request) => await Answer(request, (await JsonDocument.ParseAsync(request.Body)).RootElement, null));
        provider.MapPost("/form", async (HttpRequest request) => await Answer(request, null, await request.ReadFormAsync()));
    }

    async Task<IResult> Answer(HttpRequest request, JsonElement? json, IFormCollection? form)
    {
        requests.Enqueue((request.Headers.Authorization.ToString(), json, form, request.Headers["Idempotency-Key"].ToString()));
        await Task.Delay(slow, request.HttpContext.RequestAborted);
        return answers.TryDequeue(out var answer) ? Results.Text(answer.Body ?? "", statusCode: answer.Status) : Results.StatusCode(202);
    }

    public async ValueTask InitializeAsync() => await provider.StartAsync();

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    [Fact]
    public async Task A_short_message_goes_to_those_with_a_mobile_in_the_documented_shape()
    {
        await using var office = await OpenWithSms();
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(1, 2), new TeachersChanged([Given.Contact(1, mobile: "+306900000001"), Given.Contact(2)]));

        await office.Tell(Given.Received(1, 1, 2));

        await office.UntilQuiet(5);
        var (authorization, json, _, _) = Assert.Single(requests);
        var body = json!.Value;
        Assert.Equal("Bearer s3cret", authorization);
        Assert.Equal(["from", "reference", "text", "to"], body.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal("+306900000001", body.GetProperty("to").GetString());
        Assert.Equal("ePimorfosi", body.GetProperty("from").GetString());
        Assert.Equal("B2-2023-2: παραλάβαμε την αίτησή σας (έκδοση 1). Αρ. κλήρωσης 0000000000000001", body.GetProperty("text").GetString());
        Assert.Equal(1, await office.Count("Skipped"));
        Assert.Equal(3, await office.Count("Sent"));
    }

    [Theory]
    [InlineData(429, null, "Sent", 2)]
    [InlineData(500, null, "Sent", 2)]
    [InlineData(401, null, "Sent", 2)]
    [InlineData(400, null, "Failed", 1)]
    [InlineData(200, "<html>not what was promised", "Sent", 1)] // it was taken: not a second time
    [InlineData(200, "{\"id\":7}", "Sent", 1)]
    public async Task The_provider_s_answers_are_told_apart(int status, string? body, string state, int expected)
    {
        answers = new([(status, body)]);
        await using var office = await OpenWithSms();
        await TellWithMobile(office, "+306900000001");

        await office.UntilQuiet(5);
        Assert.Equal(1, await CountSms(office, state));
        Assert.Equal(expected, requests.Count);
        Assert.Single(requests.Select(r => r.Body!.Value.GetProperty("reference").GetString()).Distinct());
        Assert.All(requests, r => Assert.Equal(r.Body!.Value.GetProperty("reference").GetString(), r.Idempotency));
    }

    [Fact]
    public async Task A_slow_provider_is_given_up_in_time_and_holds_no_mail_up()
    {
        slow = TimeSpan.FromSeconds(20);
        await using var office = await OpenWithSms(("Sending:Timeout", "00:00:01"));
        await TellWithMobile(office, "+306900000001");
        await office.UntilMails(1, seconds: 10);
        await Until.True(() => requests.Count >= 2, "it to be asked again");
        slow = default;

        await office.UntilQuiet(5);
        Assert.Equal(1, await CountSms(office, "Sent"));
        Assert.Single(requests.Select(r => r.Idempotency).Distinct()); // by which the provider knows a repeat
    }

    [Fact]
    public async Task A_land_line_gets_none_and_a_corrected_number_gets_it()
    {
        await using var office = await OpenWithSms(("Sms:PricePerPart", "0.04"));
        await TellWithMobile(office, "210 1234567");
        await office.UntilQuiet(5);
        Assert.Equal(1, await CountSms(office, "Failed"));
        Assert.Empty(requests);

        await office.Tell(new TeachersChanged([Given.Contact(1, mobile: "690 000 0002", version: 2)]));

        await Until.True(async () => await CountSms(office, "Sent") == 1, "the SMS to the new number");
        Assert.Equal("+306900000002", requests.Single().Body!.Value.GetProperty("to").GetString());
        var summary = (await office.Get("/api/messages/summary")).GetProperty("sms");
        Assert.Equal((2, 0.08m, "EUR"), (summary.GetProperty("parts").GetInt32(), summary.GetProperty("cost").GetDecimal(), summary.GetProperty("currency").GetString()));
    }

    [Fact]
    public async Task A_report_in_json_is_believed_when_it_is_signed()
    {
        answers = new([(202, """{"id":"their-1"}""")]);
        await using var office = await OpenWithSms(("Sms:ReportSecret", "shared"));
        await TellWithMobile(office, "+306900000001");
        await office.UntilQuiet(5);
        var report = """{"id":"their-1","status":"delivered"}""";

        Assert.Equal(HttpStatusCode.Unauthorized, await Report(office, report, "guessed"));
        Assert.Equal(HttpStatusCode.BadRequest, await Report(office, "{", "shared"));
        Assert.Equal(1, await CountSms(office, "Sent"));
        Assert.Equal(HttpStatusCode.NoContent, await Report(office, report, "shared"));
        Assert.Equal(HttpStatusCode.NoContent, await Report(office, """{"id":"their-1","status":"failed"}""", "shared")); // too late to be true

        Assert.Equal(1, await CountSms(office, "Delivered"));
    }

    [Fact]
    public async Task The_form_shape_is_spoken_and_its_reports_are_checked_by_its_own_signature()
    {
        answers = new([(201, """{"sid":"SM1","status":"queued"}""")]);
        await using var office = await OpenWithSms(("Sms:Shape", "Form"), ("Sms:Account", "AC1"), ("Sms:Url", $"{provider.Urls.First()}/form"));
        await TellWithMobile(office, "+306900000001");
        await office.UntilQuiet(5);
        var (authorization, _, form, _) = Assert.Single(requests);
        Assert.Equal("Basic " + Convert.ToBase64String("AC1:s3cret"u8), authorization);
        Assert.Equal("+306900000001", form!["To"]);
        Assert.Equal("https://epimorfosi.example/api/messages/reports/sms", form["StatusCallback"]);
        var fields = new Dictionary<string, string> { ["MessageSid"] = "SM1", ["MessageStatus"] = "undelivered", ["ErrorCode"] = "30003" };

        Assert.Equal(HttpStatusCode.Unauthorized, await ReportForm(office, fields, "guessed"));
        Assert.Equal(1, await CountSms(office, "Sent"));
        Assert.Equal(HttpStatusCode.NoContent, await ReportForm(office, fields, "s3cret"));

        Assert.Equal(1, await CountSms(office, "Failed"));
        Assert.Equal("30003", await office.Scalar("select error from messages where channel = 'Sms'"));
    }

    [Fact]
    public async Task Without_a_provider_there_are_no_short_messages()
    {
        await using var office = await PostOffice.Open();
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(1), new TeachersChanged([Given.Contact(1, mobile: "+306900000001")]));

        await office.Tell(Given.Received(1, 1));

        await office.UntilQuiet(5);
        Assert.Equal(0L, await office.Scalar("select count(*) from messages where channel = 'Sms'"));
    }

    Task<PostOffice> OpenWithSms(params (string Key, string Value)[] more) =>
        PostOffice.Open(null, [("Sms:Url", $"{provider.Urls.First()}/send"), ("Sms:Token", "s3cret"), .. more]);

    static Task TellWithMobile(PostOffice office, string mobile) =>
        office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(1), new TeachersChanged([Given.Contact(1, mobile: mobile)]), Given.Received(1, 1));

    static async Task<int> CountSms(PostOffice office, string state) =>
        (int)(long)(await office.Scalar($"select count(*) from messages where channel = 'Sms' and state = '{state}'"))!;

    static async Task<HttpStatusCode> Report(PostOffice office, string json, string secret)
    {
        var (body, at) = (Encoding.UTF8.GetBytes(json), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        using var content = new ByteArrayContent(body) { Headers = { { "X-Signature", $"t={at},v1={Signature.Of(body, at, secret)}" } } };
        return (await office.Service.Anyone().PostAsync("/api/messages/reports/sms", content)).StatusCode;
    }

    static async Task<HttpStatusCode> ReportForm(PostOffice office, Dictionary<string, string> fields, string token)
    {
        using var content = new FormUrlEncodedContent(fields) { Headers = { { "X-Twilio-Signature", Signature.OfForm(new("https://epimorfosi.example/api/messages/reports/sms"), fields, token) } } };
        return (await office.Service.Anyone().PostAsync("/api/messages/reports/sms", content)).StatusCode;
    }
}
