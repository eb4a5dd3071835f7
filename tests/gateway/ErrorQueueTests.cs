using System.Net;
using System.Net.Http.Json;
using System.Text;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using RabbitMQ.Client;

namespace EPimorfosi.Gateway.Tests;

/// <summary>What a consumer could not take in goes back to it at the office's word, on a real broker.</summary>
public sealed class ErrorQueueTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    const string Queue = "programmes.publish-programmes-again";

    [Fact]
    public async Task Messages_return_to_their_queue_whole_and_who_did_it_and_why_is_recorded()
    {
        await using var connection = await new ConnectionFactory { Uri = new(fixture.Gateway.BusAddress) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Queue + "_error", durable: true, exclusive: false, autoDelete: false);
        foreach (var id in new[] { "one", "two" })
        {
            await channel.BasicPublishAsync("", Queue + "_error", false,
                new BasicProperties { MessageId = id, Headers = new Dictionary<string, object?> { ["MT-Fault-Message"] = "Χωρίς λόγο", ["MT-Fault-ExceptionType"] = "Some.Exception" } }, Encoding.UTF8.GetBytes($"body of {id}"));
        }
        await Until.True(async () => (await channel.MessageCountAsync(Queue + "_error")) == 2, "two messages in the error queue");
        var office = await fixture.Gateway.SignedIn();
        var queues = (await (await office.GetAsync("/api/system")).Json())["queues"]!.AsArray();
        Assert.Equal((Queue, 2), ((string?)queues[0]!["name"], (int)queues[0]!["failed"]!));

        var path = $"/api/system/queues/{Queue}/redeliver";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await office.PostAsJsonAsync(path, new { reason = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await office.PostAsJsonAsync("/api/system/queues/amq.gen-1/redeliver", new { reason = "a good reason" })).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Gateway.Anyone().PostAsJsonAsync(path, new { reason = "a good reason" })).StatusCode);
        var sent = (await (await office.PostAsJsonAsync(path, new { reason = "Η βάση επανήλθε" })).EnsureSuccessStatusCode().Json())["messages"]!.AsArray();
        Assert.Equal(["one: Χωρίς λόγο", "two: Χωρίς λόγο"], sent.Select(message => $"{message!["messageId"]}: {message["fault"]}"));

        Assert.Equal(0u, await channel.MessageCountAsync(Queue + "_error"));
        foreach (var id in new[] { "one", "two" })
        {
            var back = (await channel.BasicGetAsync(Queue, autoAck: true))!;
            Assert.Equal((id, $"body of {id}"), (back.BasicProperties.MessageId, Encoding.UTF8.GetString(back.Body.Span)));
        }
        var acts = (await (await office.GetAsync($"/api/audit?act=queue.redelivered&q={Uri.EscapeDataString("επανηλθε")}")).Json())["items"]!.AsArray();
        Assert.Equal((Queue, "office", "Η βάση επανήλθε"), ((string?)acts.Single()!["subject"], (string?)acts.Single()!["person"], (string?)acts.Single()!["reason"]));
    }

    [Fact]
    public async Task An_error_queue_is_the_offices_alone()
    {
        (await fixture.Gateway.ImportAccounts("auditor-9,auditor,,,a good password\n")).EnsureSuccessStatusCode();
        var auditor = await fixture.Gateway.SignedIn("auditor-9", "a good password");
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/api/system")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsJsonAsync($"/api/system/queues/{Queue}/redeliver", new { reason = "a good reason" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.GetAsync("/office/exports/teachers.csv")).StatusCode);
    }
}
