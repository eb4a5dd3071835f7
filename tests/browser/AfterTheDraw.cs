using System.Net;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>From the draw to the calendar of the programme: result and explanation, phase B won and lost, enrolment (R19-R28).</summary>
public sealed class AfterTheDraw(Site site)
{
    const string Period = "WEB-B";

    [Fact]
    public async Task Result_claim_enrolment_and_calendar()
    {
        await site.NewPeriod(Period);
        var teachers = new List<Teacher>();
        for (var number = 0; number < 3; number++)
        {
            teachers.Add(await site.NewTeacher());
        }
        await site.UntilKnown(Period, teachers[2]);
        foreach (var teacher in teachers)
        {
            var session = await site.System.Client.SignIn(teacher.Number, Site.Secret);
            (await site.System.Client.Put($"/api/applications/{Period}", new { preferences = new[] { $"{Period}.NET1" }, declarations = new { teachingNow = true } }, session)).Expect(HttpStatusCode.OK);
        }
        var waiting = await site.SignedIn(teachers[0], phone: true);
        await waiting.GotoAsync(With("/my/result"));
        await waiting.Look("no result yet");
        await site.Draw(Period);

        IPage? winner = null, loser = null;
        foreach (var teacher in teachers)
        {
            var page = await site.SignedIn(teacher, phone: true);
            await Until.True(async () =>
            {
                await page.GotoAsync(With("/my/result"));
                return await page.Locator("#why").CountAsync() == 1;
            }, "the outcome to reach applications", 60);
            await page.Look("result");
            await Expect(page.Locator("ul.govgr-list--bullet li")).Not.ToHaveCountAsync(0);
            if ((await page.Locator("#standing").InnerTextAsync()).Contains("Έχετε", StringComparison.Ordinal)) { winner = page; } else { loser = page; }
        }
        Assert.NotNull(winner);
        Assert.NotNull(loser);
        await winner.Picture("result");
        await loser.Picture("result-none");
        await Expect(loser.Locator("ul.govgr-list--bullet")).ToContainTextAsync($"{Period}.NET1");

        await site.Phase(Period, "B", "open");
        await Until.True(async () =>
        {
            await loser.GotoAsync(With("/my/claim"));
            return await Button(loser, "add:WEB-B.NET2").CountAsync() == 1;
        }, "the seats to be shown", 60);
        await loser.Look("claim");
        await Button(loser, "add:WEB-B.NET2").ClickAsync();
        await Expect(Button(loser, "remove:WEB-B.NET2")).ToBeVisibleAsync();
        await Button(loser, "submit").DblClickAsync(); // R23: twice is once
        await Expect(loser.Locator("#standing")).ToContainTextAsync("Έχετε");
        await Expect(loser.Locator("#sequence")).ToContainTextAsync("1");
        await loser.Look("claim placed");
        await loser.Picture("claim-placed");

        var late = await site.SignedIn(await site.NewTeacher());
        await late.GotoAsync(With("/my/claim"));
        await Button(late, "add:WEB-B.NET1").ClickAsync(); // full since the draw
        await Button(late, "submit").ClickAsync();
        await Expect(late.Locator("#standing")).ToContainTextAsync("περιμένει");
        await Expect(late.Locator("#sequence")).ToContainTextAsync("2");
        await late.Look("claim waiting");
        await late.Picture("claim-waiting");

        await site.Phase(Period, "B", "closed");
        await site.OpenEnrolment(Period);
        await Until.True(async () =>
        {
            await winner.GotoAsync(With("/my/enrolment"));
            return await winner.Locator("form button").Filter(new() { HasText = "Επιβεβαιώνω" }).CountAsync() == 1;
        }, "enrolment to be open", 60);
        await winner.Look("enrolment");
        await winner.Picture("enrolment");
        await Until.True(async () => // its service may hear of the opening a moment later
        {
            await winner.Locator("form button").Filter(new() { HasText = "Επιβεβαιώνω" }).ClickAsync();
            return await winner.GetByText("Επιβεβαιώσατε την εγγραφή σας").CountAsync() == 1;
        }, "the enrolment to be taken", 60);

        await site.NewAccount("kse-members", "centre", site.Elsewhere);
        var centre = await site.Visitor();
        await Site.SignIn(centre, "kse-members", Site.Secret);
        await centre.GotoAsync($"/centre/programmes/{Period}.NET1/members");
        await Expect(centre.Locator("tbody th").First).ToContainTextAsync("δοκιμή");
        await Expect(centre.Locator("tbody")).ToContainTextAsync("επιβεβαιώθηκε");
        await centre.Look("members");
        await centre.Picture("members");
        await centre.Context.CloseAsync();

        await winner.GotoAsync(With("/my/programme"));
        await winner.Look("programme");
        await winner.Picture("my-programme");
        var calendar = await winner.Context.APIRequest.GetAsync(new Uri(site.Address, With("/my/programme.ics")).ToString());
        Assert.Equal("text/calendar; charset=utf-8", calendar.Headers["content-type"]);
        var file = await calendar.TextAsync();
        Assert.Equal(20, Regex.Count(file, "BEGIN:VEVENT\r\n")); // R3
        Assert.Equal(20, Regex.Matches(file, @"UID:(\S+)").Select(match => match.Value).Distinct().Count());
        Assert.All(file.Split("\r\n"), line => Assert.True(global::System.Text.Encoding.UTF8.GetByteCount(line) <= 75));

        await winner.GotoAsync(With("/my/enrolment"));
        await winner.Locator("form button.govgr-btn-warning").ClickAsync(); // R28: whoever cannot come after all makes room
        await Expect(winner.Locator("#standing")).ToContainTextAsync("Δηλώσατε ότι δεν θα παρακολουθήσετε");
        await winner.Look("enrolment given up");
        await winner.Picture("enrolment-given-up");
        await winner.GotoAsync(With("/my/programme"));
        await Expect(winner.Locator("main")).ToContainTextAsync("Δεν έχετε θέση");
    }

    static string With(string path) => $"{path}?period={Period}";

    static ILocator Button(IPage page, string act) => page.Locator($"main form.claim button[value='{act}']");
}
