using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EPimorfosi.System.Tests;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;
using Npgsql;
using RabbitMQ.Client;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>What went wrong, as the office sees it and mends it: a message that no service could read, and a letter that the mail server refused.</summary>
public sealed class SystemJourneys(Site site)
{
    const string Queue = "allocation.period-changed";

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_went_wrong_is_shown_and_tried_again(bool phone)
    {
        await using var connection = await new ConnectionFactory { Uri = new(site.System.Bus) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync("", Queue, Encoding.UTF8.GetBytes("no message of ours"));
        var teacher = await Refused();

        var page = await site.Visitor(phone);
        await Site.SignIn(page, "office", WholeSystem.OfficePassword);
        await Expect(page.Locator("header")).ToContainTextAsync("office");
        var card = page.Locator(".office-card--bad", new() { HasText = Queue });
        await Until.True(async () =>
        {
            await page.GotoAsync("/office/system");
            return await card.CountAsync() == 1;
        }, "the error queue on the page");
        foreach (var row in await page.Locator("section:has(#services) tbody tr").AllAsync())
        {
            await Expect(row.Locator("td").Nth(1)).ToHaveTextAsync(new Regex("^[0-9]")); // what its outbox holds
        }
        await Show(page, "office-system-faults");
        await card.Locator("[name=reason]").FillAsync("Δοκιμή επανάληψης");
        await card.Locator("button").ClickAsync();
        await Expect(page.Locator("[role=status]").First).ToContainTextAsync(Queue);
        await Show(page, "office-system-redelivered");

        await page.GotoAsync("/office/system");
        var failed = page.Locator("tr", new() { HasText = teacher.Address });
        await Expect(failed).ToContainTextAsync("550 no such mailbox");
        await failed.Locator("button").ClickAsync();
        await Expect(page.Locator("[role=status]").First).ToBeVisibleAsync();
        await Expect(failed).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    /// <summary>A teacher who applied, and whose receipt the mail server is said to have refused.</summary>
    async Task<Teacher> Refused()
    {
        var (teacher, period) = (await site.NewTeacher(), await site.OpenPeriod);
        await site.UntilKnown(period, teacher);
        (await site.System.Client.Put($"/api/applications/{period}", new { preferences = new[] { $"{period}.NET1" }, declarations = new { teachingNow = true } }, await site.System.Client.SignIn(teacher.Number, Site.Secret)))
            .Expect(HttpStatusCode.OK);
        await using var notifications = NpgsqlDataSource.Create(site.System["notifications"].Settings["ConnectionStrings:Database"]);
        await using var command = notifications.CreateCommand("update messages set state = 'Failed', error = '550 no such mailbox' where address = $1 and state = 'Sent'");
        command.Parameters.Add(new() { Value = teacher.Address });
        await Until.True(async () => await command.ExecuteNonQueryAsync() == 1, "the receipt to be marked as sent");
        return teacher;
    }

    static async Task Show(IPage page, string name)
    {
        await page.Look(name);
        await page.Picture(name);
    }
}
