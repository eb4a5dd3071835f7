using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Notifications.Tests;

/// <summary>What people see of their messages, how they would rather be told, and what the office looks at before.</summary>
public sealed class TimelineTests : IAsyncLifetime
{
    PostOffice office = null!;

    public async ValueTask InitializeAsync() => office = await PostOffice.Open(null, ("Office:Email", "office@example.gr"), ("Office:DigestAt", "00:00:00"));

    public ValueTask DisposeAsync() => office.DisposeAsync();

    [Fact]
    public async Task A_teacher_sees_their_own_and_nobody_else_s()
    {
        await office.TellBasics(1, 2);
        await office.Tell(Given.Received(1, 1, 2), Given.Received(2, 1));
        await office.UntilCount("Sent", 3);

        var mine = await office.Service.As("teacher", registryNumber: "000001").GetFromJsonAsync<JsonElement>("/api/messages/mine");

        Assert.Equal(2, mine.GetProperty("total").GetInt32());
        Assert.All(mine.GetProperty("items").EnumerateArray(), m => Assert.Equal((Given.Address(1), "Sent"), (m.GetProperty("address").GetString(), m.GetProperty("state").GetString())));
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("centre").GetAsync("/api/messages/mine")).StatusCode);
    }

    [Fact]
    public async Task At_the_close_everybody_in_the_draw_is_told_once_whatever_comes_first() // R29
    {
        await office.TellBasics(1, 2, 3);
        await office.Tell(Given.Received(1, 1), Given.Received(1, 2), Given.Withdrawn(2, 2));
        await office.UntilCount("Sent", 3);
        await office.Tell(Given.Frozen(2));
        await office.UntilCount("Sent", 4);
        await office.Tell(Given.Received(1, 3), Given.Frozen(2)); // the last version comes after the news of the close

        await office.UntilCount("Sent", 6);
        Assert.Equal(2L, await office.Scalar("select count(*) from messages where kind = 'Closed'"));
        Assert.DoesNotContain(office.Smtp.Mails, m => m.To == Given.Address(2) && m.Mime.Subject!.Contains("έκλεισε", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_language_chosen_is_the_one_written_in_and_bad_wishes_are_refused()
    {
        var teacher = office.Service.As("teacher", registryNumber: "000001");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await teacher.PutAsJsonAsync("/api/messages/preferences", new Wishes("fr", true, true, null, null))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await teacher.PutAsJsonAsync("/api/messages/preferences", new Wishes("en", true, true, new(22, 0), null))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await teacher.PutAsJsonAsync("/api/messages/preferences", new Wishes("en", false, true, new(22, 0), new(7, 0)))).StatusCode);

        await office.TellBasics(1);
        await office.Tell(Given.Received(1, 1));

        await office.UntilMails(1);
        Assert.StartsWith("Dear", office.Smtp.Mails.Single().Mime.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_office_hears_once_a_day_what_needs_a_hand()
    {
        office.Smtp.Treat = (to, _) => to == Given.Address(1) ? new(Recipient: "550 no such person") : new();
        await using var second = await office.Service.Again();
        await office.TellBasics(1);
        await office.Tell(Given.Received(1, 1));
        await office.UntilCount("Failed", 1);

        await Until.True(() => office.Smtp.Mails.Any(m => m.To == "office@example.gr"), "the digest", 60);

        Assert.Contains("το τελευταίο εικοσιτετράωρο: 1", office.Smtp.Mails.Single(m => m.To == "office@example.gr").Mime.TextBody, StringComparison.Ordinal);
        Assert.Equal(1L, await office.Scalar("select count(*) from messages where kind = 'OfficeDigest'"));
    }

    [Fact]
    public async Task Every_template_is_shown_to_the_office_and_its_wording_has_a_version()
    {
        foreach (var kind in (await office.Get("/api/messages/preview")).EnumerateArray().Select(k => k.GetString()))
        {
            var preview = await office.Get($"/api/messages/preview/{kind}?language=en");
            Assert.Equal(1, preview.GetProperty("versions")[0].GetProperty("version").GetInt32());
        }
        var html = await office.Service.As("office").GetAsync("/api/messages/preview/Placed/html");
        Assert.Contains("sandbox", html.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").GetAsync("/api/messages/preview/Placed")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await office.Service.As("office").GetAsync("/api/messages/preview/7")).StatusCode);
    }

    [Fact]
    public async Task A_changed_wording_is_a_new_version_and_what_was_sent_keeps_its_own()
    {
        await office.TellBasics(1);
        await office.Tell(Given.Received(1, 1));
        await office.UntilCount("Sent", 1);
        await office.Scalar("update wordings set digest = 'of an older release' where kind = 'Received' and language = 'el' returning 1");

        await using var newer = await office.Service.Again();
        await office.Tell(Given.Received(2, 1));
        await office.UntilCount("Sent", 2);

        Assert.Equal(2, (int)(await office.Scalar("select max(version) from wordings where kind = 'Received' and language = 'el'"))!);
        Assert.Equal(1, (int)(await office.Scalar("select max(version) from wordings where kind = 'Received' and language = 'en'"))!);
        Assert.Equal(1, (int)(await office.Scalar("select wording from messages where event_key like '%/1'"))!);
    }
}
