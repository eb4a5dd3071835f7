using System.IO.Compression;
using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Browser.Tests;

/// <summary>What holds on every page: axe, one policy without exceptions, cookies, size, language.</summary>
public sealed class Everywhere(Site site) : IAsyncLifetime
{
    static readonly string[] Public = ["/", "/programmes", "/programmes?category=IIa", "/programmes?q=nothing-of-the-kind", "/results", "/results?ticket=zzz", "/draw", "/statistics", "/verify", "/seats", "/sign-in", "/privacy", "/accessibility", "/terms", "/erased", "/forgotten", "/forgotten?sent=yes", "/new-password", "/no-such-page"];
    static readonly string[] Own = ["/my", "/my/eligibility", "/my/programmes", "/my/application", "/my/application/review", "/my/application/withdraw", "/my/receipt", "/my/history", "/my/result", "/my/claim", "/my/enrolment", "/my/programme", "/my/data", "/my/erase", "/account", "/account/confirm", "/continue"];

    public async ValueTask InitializeAsync() => await site.OpenPeriod;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false, "el-GR")]
    [InlineData(true, "en-GB")]
    public async Task Public_pages_have_no_fault_that_axe_finds(bool phone, string language)
    {
        var page = await site.Visitor(phone, language: language);
        foreach (var path in Public)
        {
            var answer = (await page.GotoAsync(path))!;
            await page.Look(path);
            await page.Picture("public" + path.Replace('/', '-').Replace('?', '-'));
            Assert.DoesNotContain("unsafe", answer.Headers["content-security-policy"], StringComparison.Ordinal);
            await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language[..2]);
            await Expect(page.Locator("main h1")).ToHaveCountAsync(1);
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Own_pages_have_no_fault_that_axe_finds_and_are_kept_nowhere()
    {
        var page = await site.SignedIn(await site.NewTeacher(), phone: true, language: "en-GB");
        foreach (var path in Own)
        {
            var answer = (await page.GotoAsync(path))!;
            await page.Look(path);
            Assert.Contains("no-store", answer.Headers["cache-control"], StringComparison.Ordinal);
            await Expect(page.Locator("main h1")).ToHaveCountAsync(1);
            await Expect(page.Locator("header .account__who")).ToContainTextAsync("teacher"); // who is signed in, and as what
            Assert.DoesNotMatch("[α-ωΑ-Ω]{4,}", (await page.Locator("main h1").InnerTextAsync()));
        }
        foreach (var cookie in await page.Context.CookiesAsync())
        {
            Assert.True(cookie.HttpOnly && cookie.SameSite != SameSiteAttribute.None, cookie.Name);
        }
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Own_pages_and_files_are_for_their_teacher_alone()
    {
        var page = await site.Visitor();
        foreach (var path in Own.Where(path => path != "/continue").Concat(["/my/programme.ics", "/my/data.json"]))
        {
            await page.GotoAsync(path);
            await Expect(page).ToHaveURLAsync($"{site.Address}sign-in?return={Uri.EscapeDataString(path)}");
        }
        await Site.SignIn(page, "office", "Office-of-the-tests-7!");
        Assert.Equal(403, (await page.GotoAsync("/my"))!.Status);
        await page.Look("denied");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Signing_in_leads_to_no_other_site(string elsewhere)
    {
        var teacher = await site.NewTeacher();
        var page = await site.Visitor();
        await page.GotoAsync($"/sign-in?return={Uri.EscapeDataString(elsewhere)}");
        await Site.SignIn(page, teacher.Number, Site.Secret);
        Assert.Equal(site.Address.Authority, new Uri(page.Url).Authority);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var page = await site.SignedIn(await site.NewTeacher());
        foreach (var (path, handler) in new[] { ("/my/application", "list"), ("/my/application/review", "list"), ("/my/application/withdraw", "withdraw"), ("/my/enrolment", "confirm"), ("/my/claim", "list"), ("/my/data", "contacts") })
        {
            var form = page.Context.APIRequest.CreateFormData();
            form.Set("_handler", handler);
            form.Set("Form.Act", "add:X");
            var answer = await page.Context.APIRequest.PostAsync(new Uri(site.Address, path).ToString(), new() { Form = form });
            Assert.Equal((int)HttpStatusCode.BadRequest, answer.Status);
        }
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/programmes")]
    [InlineData("/results")]
    [InlineData("/sign-in")]
    public async Task The_first_view_of_a_public_page_is_less_than_100_kB_from_our_own_address(string path)
    {
        var page = await site.Visitor();
        // As a published copy sends it: a build does not compress its files, publishing does.
        var sizes = new List<Task<long>>();
        page.Response += (_, response) => sizes.Add(Transferred(response));
        var foreign = new List<string>();
        page.Request += (_, request) => { if (!request.Url.StartsWith(site.Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) { foreign.Add(request.Url); } };
        await page.AddInitScriptAsync("new PerformanceObserver(list => { for (const shift of list.getEntries()) window.shifted = (window.shifted ?? 0) + shift.value; }).observe({ type: 'layout-shift', buffered: true })");
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.Equal(0, await page.EvaluateAsync<double>("window.shifted ?? 0"), 3); // nothing moves while it is read
        var bytes = (await Task.WhenAll(sizes)).Sum();
        TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {bytes / 1000.0:0.0} kB");
        Assert.InRange(bytes, 1000, 100_000);
        Assert.Empty(foreign);
        await page.Context.CloseAsync();
    }

    static async Task<long> Transferred(IResponse response)
    {
        var body = await response.BodyAsync();
        if (response.Headers["content-type"].StartsWith("font/", StringComparison.Ordinal))
        {
            return body.Length;
        }
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(body);
        }
        return packed.Length + response.Headers.Sum(header => header.Key.Length + header.Value.Length + 4);
    }
}
