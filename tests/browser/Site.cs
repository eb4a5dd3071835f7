using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EPimorfosi.System.Tests;
using EPimorfosi.Tests.Servers;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(EPimorfosi.Browser.Tests.Site))] // one system for all journeys: each has its own teachers

namespace EPimorfosi.Browser.Tests;

/// <summary>The whole system with a period that is open, and a real Chromium in front of it, which may reach nothing but this machine.</summary>
public sealed partial class Site : IAsyncLifetime
{
    public const string Secret = "a long enough secret";
    static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    IPlaywright playwright = null!;
    int lastTeacher;
    readonly Lazy<Task<string>> open;

    public Site() => open = new(() => NewPeriod("WEB-A"));

    public WholeSystem System { get; } = new();

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address => System["gateway"].Address;

    /// <summary>A school of the teachers, which is a centre too.</summary>
    public string School { get; private set; } = "";

    /// <summary>A school of another nomos, a centre too.</summary>
    public string Elsewhere { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(20_000);
        var program = Environment.GetEnvironmentVariable("EPIMORFOSI_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";
        Assert.True(File.Exists(program), $"{program} is not there: the tests of pages need Chromium (Debian: apt-get install chromium), or EPIMORFOSI_CHROMIUM.");
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Arguments });
        await System.InitializeAsync();
        var schools = (await System.Client.Get("/api/reference/schools?q=ΓΥΜΝΑΣΙΟ&pageSize=500")).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().ToArray();
        School = schools[0].GetProperty("code").GetString()!;
        Elsewhere = schools.First(school => school.GetProperty("nomosCode").GetString() != schools[0].GetProperty("nomosCode").GetString()).GetProperty("code").GetString()!;
    }

    /// <summary>The one period of those journeys that leave it open.</summary>
    public Task<string> OpenPeriod => open.Value;

    /// <summary>A period in phase A: two IIa programmes of the teachers' prefecture, one of another, three IIb and one of another cluster.</summary>
    public async Task<string> NewPeriod(string code)
    {
        var now = DateTimeOffset.UtcNow;
        (await System.Client.Put($"/api/periods/{code}", new
        {
            title = new { el = $"Περίοδος δοκιμής {code}", en = $"Trial period {code}" },
            level = "B2",
            firstDay = Day(60),
            lastDay = Day(60 + 20 * 7),
            phaseA = new { opens = now.AddMinutes(-1), closes = now.AddDays(10) },
            drawAt = now.AddDays(11),
            phaseB = new { opens = now.AddDays(12), closes = now.AddDays(20) },
            enrolment = new { opens = now.AddDays(21), closes = now.AddDays(30) },
            groupMinimum = 1,
            groupMaximum = 2,
            policy = new { objectionHours = 0 },
        }, System.Office)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
        (string Name, string Cluster, string Category, string School, string Title, string Slots)[] programmes =
        [
            ("LOCAL1", "B2.4", "IIa", School, "Ρομποτική στο εργαστήριο", "Tue 17:00|Thu 17:00"), ("LOCAL2", "B2.4", "IIa", School, "Προγραμματισμός στο εργαστήριο", "Mon 17:00|Wed 17:00"),
            ("FAR", "B2.4", "IIa", Elsewhere, "Εργαστήριο αλλού", "Mon 17:00|Wed 17:00"), ("NET1", "B2.4", "IIb", Elsewhere, "Πληροφορική εξ αποστάσεως", "Tue 18:00|Fri 18:00"),
            ("NET2", "B2.4", "IIb", School, "Αλγόριθμοι εξ αποστάσεως", "Mon 18:00|Thu 18:00"), ("NET3", "B2.4", "IIb", School, "Δίκτυα εξ αποστάσεως", "Wed 18:00|Fri 18:00"),
            ("OTHER", "B2.1", "IIb", School, "Φιλολογικά", "Mon 18:00|Thu 18:00"),
        ];
        await Import($"/api/programmes/import?period={code}", "code,cluster,category,centre,title,min,max,starts_on,slots,trainers,extra_prefectures\n"
            + string.Concat(programmes.Select(p => $"{code}.{p.Name},{p.Cluster},{p.Category},{p.School},{p.Title},,,{Day(60)},{p.Slots},,\n")));
        return code;
    }

    /// <summary>A teacher of informatics with an account; eligible, unless <paramref name="but"/> says <c>b1</c>, <c>prior</c>, <c>pake</c>, <c>b2</c> or <c>teaching</c>.</summary>
    /// <param name="invited">Then the account has no password yet, and a letter is on its way.</param>
    public async Task<Teacher> NewTeacher(string? but = null, bool invited = false)
    {
        var number = (7_000_000 + Interlocked.Increment(ref lastTeacher)).ToString(CultureInfo.InvariantCulture);
        var line = $"{number},Άννα,Δοκιμή,t{number}@sch.test,,ΠΕ86,{School},el,{but != "teaching"},{but != "b1"},{but == "prior"},{but == "pake"},{but == "b2"}".ToLowerInvariant().Replace("πε86", "ΠΕ86", StringComparison.Ordinal);
        await Until.True(async () =>
        {
            var answer = await System.Client.Import("/api/teachers/import",
                "registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2\n" + line + "\n", System.Office);
            if (answer.Status != HttpStatusCode.OK)
            {
                await Task.Delay(500);
            }
            return answer.Status == HttpStatusCode.OK;
        }, "the schools to be known to applications", 60);
        await Import("/api/accounts/import", $"user_name,role,registry_number,centre,password\n{number},teacher,{number},,{(invited ? "" : Secret)}\n");
        return new(number);
    }

    /// <summary>An account of a centre, or of a trainer.</summary>
    public Task NewAccount(string name, string role, string centre) => Import("/api/accounts/import", $"user_name,role,registry_number,centre,password\n{name},{role},,{centre},{Secret}\n");

    public async Task UntilKnown(string period, Teacher teacher, int programmes = 6)
    {
        var session = await System.Client.SignIn(teacher.Number, Secret);
        await Until.True(async () => (await System.Client.Get($"/api/applications/{period}/options", session)) is { Status: HttpStatusCode.OK } answer
            && answer.Json.GetProperty("items").GetArrayLength() == programmes, "the catalogue to reach applications", 60);
    }

    /// <summary>The link in the letter that reached the teacher's mailbox.</summary>
    public async Task<Uri> LinkIn(string address, string path)
    {
        using var http = new HttpClient { BaseAddress = System.Mail.Address };
        Uri? link = null;
        await Until.True(async () =>
        {
            await Task.Delay(100);
            var letters = await http.GetFromJsonAsync<JsonElement>("/api/email?limit=500");
            foreach (var letter in (letters.ValueKind == JsonValueKind.Array ? letters : letters.GetProperty("items")).EnumerateArray())
            {
                if (letter.GetProperty("to")[0].GetProperty("address").GetString() == address && Regex.Match(letter.GetProperty("text").GetString()!, $@"http\S+{path}\S+") is { Success: true } found)
                {
                    link = new(found.Value);
                }
            }
            return link is not null;
        }, $"a letter to {address} with a link to {path}", 60);
        return link!;
    }

    /// <summary>A visitor's own browser, at desktop or phone width.</summary>
    public async Task<IPage> Visitor(bool phone = false, bool script = true, string language = "el-GR")
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            Locale = language,
            JavaScriptEnabled = script,
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            HasTouch = phone,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        EvidenceAttribute.Keep(page);
        return page;
    }

    public async Task<IPage> SignedIn(Teacher teacher, bool phone = false, bool script = true, string language = "el-GR")
    {
        var page = await Visitor(phone, script, language);
        await SignIn(page, teacher.Number, Secret);
        return page;
    }

    public static async Task SignIn(IPage page, string name, string password, string path = "/sign-in")
    {
        if (!new Uri(new Uri("http://x"), page.Url).AbsolutePath.StartsWith("/sign-in", StringComparison.Ordinal))
        {
            await page.GotoAsync(path);
        }
        await page.Locator("#user-name").FillAsync(name);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("main button[type=submit]").ClickAsync();
    }

    async Task Import(string path, string csv) => (await System.Client.Import(path, csv, System.Office)).Expect(HttpStatusCode.OK);

    static string Day(int from) => DateTime.UtcNow.AddDays(from).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        await System.DisposeAsync();
    }
}

/// <summary>Who applies.</summary>
public sealed record Teacher(string Number)
{
    public string Address => $"t{Number}@sch.test";
}
