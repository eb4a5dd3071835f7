using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EPimorfosi.Verify.Tests;

/// <summary>The page /verify in a real browser, from a real gateway; and the same as one file from the disk.</summary>
public sealed class PageTests(PageFixture fixture) : IClassFixture<PageFixture>, IDisposable
{
    /// <summary>What the page's own code failed at, or its policy had to stop.</summary>
    readonly List<string> faults = [];

    static readonly (Published Draw, string Scope, bool Upgrade, string Log) Phase =
        Instances.PhasesB.Where(phase => phase.Draw.Applications.Length > 9 && phase.Scope == "AnyVacancy" && phase.Upgrade && phase.Draw.Result.RunnersUp.Sum() > 3).Single();

    static Dictionary<string, byte[]> Files() => new(Phase.Draw.Files()) { ["log.txt"] = Encoding.UTF8.GetBytes(Phase.Log) };

    static string LastTicket => Phase.Draw.Applications[Phase.Draw.Result.Order[^1]].Ticket;

    [Fact]
    public async Task The_published_files_are_loaded_and_checked_at_the_press_of_a_button()
    {
        fixture.Publisher.Files = Files();
        var page = await Open();
        await page.GetByLabel("Αριθμός κλήρωσης").FillAsync(LastTicket.ToLowerInvariant());
        await page.GetByRole(AriaRole.Button, new() { Name = "Φόρτωση και έλεγχος" }).ClickAsync();
        await Expect(Verdict(page)).ToContainTextAsync("Όλα συμφωνούν");
        await Expect(Verdict(page)).ToContainTextAsync("κάθε απόφαση της Β΄ φάσης");
        var count = Phase.Draw.Applications.Length;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Η σειρά σας στην κλήρωση: {count} από {count}" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Όλα συμφωνούν" })).ToBeFocusedAsync();
        await Expect(page.Locator("[role=status]:not(#said)")).ToContainTextAsync("Όλα συμφωνούν");
    }

    [Fact]
    public async Task A_draw_that_is_not_published_yet_says_so()
    {
        fixture.Publisher.Files = null;
        var page = await Open("en");
        await page.GetByRole(AriaRole.Button, new() { Name = "Load and check" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The draw of this period is not published yet.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Choose bundle.zip first.");
    }

    [Fact]
    public async Task Chosen_files_are_checked_without_a_word_to_the_server_even_offline()
    {
        var page = await Open("en");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await page.Context.SetOfflineAsync(true);
        await Choose(page, Bundle());
        await Expect(Verdict(page)).ToContainTextAsync("Everything agrees");
        Assert.Empty(asked);
    }

    [Fact]
    public async Task A_tampered_seat_is_named_with_its_line_what_it_is_and_what_it_should_be()
    {
        var files = Phase.Draw.Files();
        var lines = Encoding.UTF8.GetString(files["results.txt"]).Split('\n');
        var right = lines[3];
        lines[3] = Regex.Replace(right, @"\|[^|]+\|\d+$", right.EndsWith("|-|0", StringComparison.Ordinal) ? "|P-0|1" : "|-|0");
        files["results.txt"] = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var page = await Open("en");
        await Choose(page, [.. files.Select(file => new FilePayload { Name = file.Key, MimeType = "text/plain", Buffer = file.Value })]);
        await Expect(Verdict(page)).ToContainTextAsync("They do not agree");
        await Expect(Verdict(page)).ToContainTextAsync("results.txt, line 4");
        await Expect(Verdict(page)).ToContainTextAsync(lines[3]);
        await Expect(Verdict(page)).ToContainTextAsync(right);
    }

    [Fact]
    public async Task A_rehearsal_is_marked_so_that_nobody_takes_it_for_the_draw() // R18
    {
        var rehearsal = Published.Of(Phase.Draw.Programmes, Phase.Draw.Applications, Randomness.Rehearsal("πρόβα"));
        var page = await Open();
        await page.GetByLabel("Αριθμός κλήρωσης").FillAsync(LastTicket);
        await Choose(page, Bundle(rehearsal));
        await Expect(page.Locator(".verify-rehearsal")).ToHaveTextAsync("ΔΟΚΙΜΗ – ΔΕΝ ΕΙΝΑΙ Η ΚΛΗΡΩΣΗ");
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Δοκιμή – Η σειρά σας") })).ToBeVisibleAsync();
        await Choose(page, Bundle());
        await Expect(page.Locator(".verify-rehearsal")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_drand_rounds_signature_is_checked_in_the_browser()
    {
        var page = await Open("en");
        await Choose(page, Bundle(Published.Of(Phase.Draw.Programmes, Phase.Draw.Applications, Randomness.Drand(Round.Quicknet))));
        await Expect(Verdict(page)).ToContainTextAsync("drand (quicknet), round 657,413");
        await Expect(Verdict(page)).ToContainTextAsync("BLS signature was checked");
    }

    [Fact]
    public async Task The_one_file_works_from_the_disk_without_a_network()
    {
        var copy = Path.Combine(Directory.CreateTempSubdirectory("epimorfosi-verify").FullName, "έλεγχος.html");
        File.Copy(PageFixture.OneFile, copy);
        await using var context = await fixture.Browser.NewContextAsync(new() { Offline = true, Locale = "el-GR" });
        var page = await context.NewPageAsync();
        var told = new List<string>();
        page.Console += (_, message) => told.Add(message.Text);
        await page.GotoAsync(new Uri(copy).AbsoluteUri);
        await page.GetByLabel("Αριθμός κλήρωσης").FillAsync(LastTicket);
        await Choose(page, Bundle());
        await Expect(Verdict(page)).ToContainTextAsync("Όλα συμφωνούν");
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Choose(page, [new() { Name = "bundle.zip", MimeType = "application/zip", Buffer = [1, 2, 3] }]);
        await Expect(Verdict(page)).ToContainTextAsync("They do not agree");
        Assert.Empty(told); // nothing that its policy had to stop
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
    }

    [Fact]
    public async Task All_of_it_can_be_done_with_the_keyboard()
    {
        fixture.Publisher.Files = Files();
        var page = await Open("en");
        await page.GetByRole(AriaRole.Button, new() { Name = "Load and check" }).FocusAsync();
        var seen = new List<string?>();
        for (var i = 0; i < 5; i++)
        {
            seen.Add(await page.EvaluateAsync<string?>("document.activeElement.id || document.activeElement.textContent"));
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Equal(["Load and check", "verify-files", "verify-ticket", "The period's settings for phase B", "Check"], seen);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Ticket" }).FocusAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Load and check" }).PressAsync("Enter");
        await Expect(Verdict(page)).ToContainTextAsync("Everything agrees");
    }

    [Fact]
    public async Task Without_script_the_page_tells_how_to_check_with_Python()
    {
        await using var context = await fixture.Browser.NewContextAsync(new() { BaseURL = fixture.Address.AbsoluteUri, Locale = "en-GB", JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/verify");
        await Expect(page.GetByText("python3 verify.py bundle.zip")).ToBeVisibleAsync();
        foreach (var link in await page.Locator("main a[download]").AllAsync())
        {
            Assert.Equal(200, (await page.APIRequest.GetAsync((await link.GetAttributeAsync("href"))!)).Status);
        }
    }

    [Fact]
    public async Task The_bar_goes_forward_from_nothing_to_the_end_and_then_away()
    {
        var page = await Open();
        await page.EvaluateAsync("""
            () => {
              window.seen = [];
              const bar = document.getElementById('verify-bar');
              new MutationObserver(() => window.seen.push(bar.value)).observe(bar, { attributes: true, attributeFilter: ['value'] });
            }
            """);
        await Choose(page, Bundle());
        await Expect(Verdict(page)).ToContainTextAsync("Όλα συμφωνούν");
        var seen = await page.EvaluateAsync<double[]>("window.seen");
        var whole = seen.TakeWhile(value => value < 1).ToArray();
        Assert.True(whole.Length > 2, string.Join(' ', seen));
        Assert.Equal(whole.Order(), whole);
        Assert.Contains(1, seen);
        await Expect(page.Locator("#verify-bar")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task In_English_nothing_is_left_in_Greek()
    {
        var page = await Open("en");
        await Choose(page, Bundle());
        await Expect(Verdict(page)).ToContainTextAsync("Everything agrees");
        var text = (await page.Locator("main").InnerTextAsync()).Replace("Θεματοφύλακας", "", StringComparison.Ordinal); // the custodians' own names
        Assert.DoesNotMatch(@"\p{IsGreek}", text);
    }

    public void Dispose() => Assert.Empty(faults);

    async Task<IPage> Open(string language = "el")
    {
        var context = await fixture.Browser.NewContextAsync(new() { BaseURL = fixture.Address.AbsoluteUri, Locale = language == "el" ? "el-GR" : "en-GB" });
        var page = await context.NewPageAsync();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                faults.Add(message.Text);
            }
        };
        await page.GotoAsync("/verify");
        return page;
    }

    static ILocator Verdict(IPage page) => page.Locator(".verify-outcome");

    static FilePayload[] Bundle(Published? draw = null) =>
        [new() { Name = "bundle.zip", MimeType = "application/zip", Buffer = Publisher.Zip((draw ?? Phase.Draw).Files()) }];

    static async Task Choose(IPage page, FilePayload[] files)
    {
        await page.Locator("#verify-files").SetInputFilesAsync(files);
        await page.Locator("form button[type=submit]").Last.ClickAsync();
    }
}
