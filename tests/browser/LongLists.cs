using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>Three hundred programmes on a list, and ways back and forth through it.</summary>
public sealed class LongLists(Site site)
{
    const string Period = "WEB-300";
    const int Programmes = 300;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_of_three_hundred_is_put_in_order_with_and_without_script(bool script)
    {
        var period = $"{Period}{(script ? "S" : "")}";
        var teacher = await WithList(period);
        var page = await site.SignedIn(teacher, phone: true, script: script);
        var watch = Stopwatch.StartNew();
        var answer = (await page.GotoAsync($"/my/application?period={period}", new() { WaitUntil = WaitUntilState.DOMContentLoaded }))!;
        var (shown, size) = (watch.ElapsedMilliseconds, (await answer.BodyAsync()).Length / 1000.0);
        await Expect(page.Locator(".ranking__item")).ToHaveCountAsync(Programmes);
        watch.Restart();
        await page.Locator("#move-code").SelectOptionAsync($"{period}.N288");
        await page.Locator("#move-place").FillAsync("2");
        await page.Locator("button[value=place]").ClickAsync();
        await Expect(page.Locator(".ranking__item .badge--plain").Nth(1)).ToHaveTextAsync($"{period}.N288");
        var moved = watch.ElapsedMilliseconds;
        watch.Restart();
        await page.Locator($"button[value='remove:{period}.N200']").ClickAsync();
        await Expect(page.Locator(".ranking__item")).ToHaveCountAsync(Programmes - 1);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Programmes} programmes {(script ? "with" : "without")} script: {size:0} kB, shown {shown} ms, moved {moved} ms, removed {watch.ElapsedMilliseconds} ms"));
        if (script)
        {
            await page.Look("three hundred");
            await page.SetViewportSizeAsync(390, 1500);
            await page.ScreenshotAsync(new() { Path = EPimorfosi.Tests.Servers.ProjectRoot.Combine("artifacts", "pages", "three-hundred-390.png") });
        }
        await page.GotoAsync($"/my/application/review?period={period}");
        await page.Locator("#teaching").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#version")).ToHaveTextAsync("2");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_back_button_shows_what_is_and_not_what_was(bool script)
    {
        var period = await site.OpenPeriod;
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher);
        var page = await site.SignedIn(teacher, script: script);
        await page.GotoAsync($"/my/programmes?period={period}");
        await page.Locator($"button[value='add:{period}.NET1']").ClickAsync();
        await Expect(page.Locator($"button[value='remove:{period}.NET1']")).ToBeVisibleAsync();
        await page.GotoAsync($"/my/application?period={period}");
        await page.Locator($"button[value='remove:{period}.NET1']").ClickAsync();
        await Expect(page.Locator(".ranking__item")).ToHaveCountAsync(0);
        await page.GoBackAsync();
        if (!script && !page.Url.Contains("/my/programmes", StringComparison.Ordinal))
        {
            await page.GoBackAsync(); // without script each press is a page
        }
        await Expect(page.Locator($"button[value='add:{period}.NET1']")).ToBeVisibleAsync();
        await page.Locator($"button[value='add:{period}.NET1']").ClickAsync(); // and it works from there
        await Expect(page.Locator($"button[value='remove:{period}.NET1']")).ToBeVisibleAsync();
        await page.GotoAsync($"/my/application/review?period={period}");
        await page.Locator("#teaching").CheckAsync();
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("#receipt")).ToHaveTextAsync("Η αίτησή σας υποβλήθηκε");
        await page.GoBackAsync();
        await page.GotoAsync($"/my/history?period={period}");
        await Expect(page.Locator(".steps li")).ToHaveCountAsync(1); // going back sends nothing again
        await page.Context.CloseAsync();
    }

    async Task<Teacher> WithList(string period)
    {
        await site.NewPeriod(period);
        (await site.System.Client.Import($"/api/programmes/import?period={period}", "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n" + string.Concat(Enumerable.Range(1, Programmes)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{period}.N{number:000},B2.4,IIb,{site.School},Πρόγραμμα πληροφορικής αριθμός {number},,,{DateTime.UtcNow.AddDays(60):yyyy-MM-dd},Tue 17:00|Thu 17:00,,\n"))), site.System.Office)).Expect(HttpStatusCode.OK);
        var teacher = await site.NewTeacher();
        await site.UntilKnown(period, teacher, 6 + Programmes);
        var session = await site.System.Client.SignIn(teacher.Number, Site.Secret);
        (await site.System.Client.Put($"/api/applications/{period}", new { preferences = Enumerable.Range(1, Programmes).Select(number => string.Create(CultureInfo.InvariantCulture, $"{period}.N{number:000}")), declarations = new { teachingNow = true } }, session)).Expect(HttpStatusCode.OK);
        return teacher;
    }
}
