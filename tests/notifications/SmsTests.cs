using System.Collections.Concurrent;
using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EPimorfosi.Notifications.Tests;

/// <summary>SMS by an HTTP provider: only where one is configured, and only to those who gave a mobile.</summary>
public sealed class SmsTests : IAsyncLifetime
{
    readonly ConcurrentQueue<(string Authorization, JsonElement Body)> requests = new();
    readonly WebApplication provider;
    Queue<int> answers = new();

    public SmsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        provider = builder.Build();
        provider.MapPost("/send", async (HttpRequest request) =>
        {
            requests.Enqueue((request.Headers.Authorization.ToString(), (await JsonDocument.ParseAsync(request.Body)).RootElement));
            return Results.StatusCode(answers.TryDequeue(out var status) ? status : 202);
        });
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
        var (authorization, body) = Assert.Single(requests);
        Assert.Equal("Bearer s3cret", authorization);
        Assert.Equal(["from", "reference", "text", "to"], body.EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal("+306900000001", body.GetProperty("to").GetString());
        Assert.Equal("ePimorfosi", body.GetProperty("from").GetString());
        Assert.Equal("B2-2023-2: παραλάβαμε την αίτησή σας (έκδοση 1). Αρ. κλήρωσης 0000000000000001", body.GetProperty("text").GetString());
        Assert.Equal(1, await office.Count("Skipped"));
        Assert.Equal(3, await office.Count("Sent"));
    }

    [Theory]
    [InlineData(429, "Sent", 2)]
    [InlineData(500, "Sent", 2)]
    [InlineData(400, "Failed", 1)]
    public async Task The_provider_s_refusals_are_told_apart(int status, string state, int expected)
    {
        answers = new([status]);
        await using var office = await OpenWithSms();
        await office.Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Holders(1), new TeachersChanged([Given.Contact(1, mobile: "+306900000001")]));

        await office.Tell(Given.Received(1, 1));

        await office.UntilQuiet(5);
        Assert.Equal(1, (int)(long)(await office.Scalar($"select count(*) from messages where channel = 'Sms' and state = '{state}'"))!);
        Assert.Equal(expected, requests.Count);
        Assert.Single(requests.Select(r => r.Body.GetProperty("reference").GetString()).Distinct());
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

    Task<PostOffice> OpenWithSms() => PostOffice.Open(null, ("Sms:Url", $"{provider.Urls.First()}/send"), ("Sms:Token", "s3cret"));
}
