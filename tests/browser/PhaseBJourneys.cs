using System.Net;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>A seat given up, offered and accepted; and what the rules refuse on the way (R15, R21, R25, R28, R30).</summary>
public sealed class PhaseBJourneys(Site site)
{
    const string Period = "WEB-O";

    [Fact]
    public async Task A_seat_that_is_given_up_is_offered_and_accepted()
    {
        await site.NewPeriod(Period);
        var teachers = new[] { await site.NewTeacher(), await site.NewTeacher(), await site.NewTeacher() };
        await site.UntilKnown(Period, teachers[2]);
        foreach (var teacher in teachers)
        {
            var session = await site.System.Client.SignIn(teacher.Number, Site.Secret);
            (await site.System.Client.Put($"/api/applications/{Period}", new { preferences = new[] { $"{Period}.NET1" }, declarations = new { teachingNow = true } }, session)).Expect(HttpStatusCode.OK);
        }
        await site.Draw(Period);
        IPage? winner = null, runnerUp = null;
        foreach (var teacher in teachers)
        {
            var page = await site.SignedIn(teacher, phone: true);
            await Until.True(async () =>
            {
                await page.GotoAsync(With("/my/result"));
                return await page.Locator("#why").CountAsync() == 1;
            }, "the outcome to reach applications", 60);
            if ((await page.Locator("#standing").InnerTextAsync()).Contains("Έχετε", StringComparison.Ordinal)) { winner = page; } else { runnerUp = page; }
        }
        Assert.NotNull(winner);
        Assert.NotNull(runnerUp);
        await winner.GotoAsync(With("/my/application"));
        await Expect(winner.Locator("main")).ToContainTextAsync("έκλεισαν"); // R15
        await winner.Look("application, closed");
        await winner.GotoAsync(With("/my/enrolment"));
        await Expect(winner.Locator("form button", new() { HasTextString = "Επιβεβαιώνω" })).ToHaveCountAsync(0); // R28: not yet

        await site.Phase(Period, "B", "open");
        await Until.True(async () =>
        {
            await winner.GotoAsync(With("/my/claim"));
            return await winner.Locator($"button[value='add:{Period}.NET2']").CountAsync() == 1;
        }, "the seats to be shown", 60);
        await winner.Locator($"button[value='add:{Period}.NET2']").ClickAsync();
        await winner.Locator("button[value=submit]").ClickAsync();
        await Expect(winner.Locator("[role=alert]")).ToContainTextAsync("παραιτηθείτε"); // R21: the seat first
        await winner.Look("claim, refused");
        await winner.Picture("claim-refused");
        await winner.GotoAsync(With("/my/claim"));
        await winner.Locator("section.outlook form button").DblClickAsync(); // twice is once
        await Expect(winner.Locator("section.outlook form button")).ToHaveCountAsync(0); // who leaves before the answer may have given nothing up
        await Standing(winner, "αποδεσμευτεί");

        await Until.True(async () =>
        {
            await runnerUp.GotoAsync(With("/my"));
            return await runnerUp.Locator("a[href^='/offers/']").CountAsync() == 1;
        }, "the offer to reach the runner-up", 60);
        await runnerUp.Look("my, with an offer");
        await runnerUp.Picture("my-offer");
        await runnerUp.Locator("a[href^='/offers/']").ClickAsync();
        await runnerUp.Look("offer");
        await runnerUp.Picture("offer");
        await runnerUp.Locator("form.offer-answer button").First.ClickAsync();
        await Expect(runnerUp.Locator("main")).ToContainTextAsync("Αποδεχθήκατε τη θέση");
        await runnerUp.Look("offer, accepted");
        await runnerUp.GoBackAsync();
        await runnerUp.ReloadAsync();
        await Expect(runnerUp.Locator("form.offer-answer")).ToHaveCountAsync(0); // answered is answered
        await Standing(runnerUp, "Έχετε");
        await site.Phase(Period, "B", "closed");
        await Until.True(async () =>
        {
            await winner.GotoAsync(With("/my/claim"));
            return await winner.Locator("button[value=submit]").CountAsync() == 0;
        }, "phase B to be over", 60); // R30
        await winner.Look("claim, closed");
    }

    static Task Standing(IPage page, string text) => Until.True(async () =>
    {
        await page.GotoAsync(With("/my/claim"));
        return await page.Locator("#standing", new() { HasTextString = text }).CountAsync() == 1;
    }, $"the standing to be told as {text}", 60);

    static string With(string path) => $"{path}?period={Period}";
}
