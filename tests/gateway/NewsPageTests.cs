using System.Net;
using System.Text.Json.Nodes;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A gateway whose notifications answer.</summary>
public sealed class NewsFixture : IAsyncLifetime
{
    public Upstream Upstream { get; private set; } = null!;

    public ServiceUnderTest<Program> Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Upstream = await Upstream.Start();
        Upstream.Answers["/api/reference/clusters"] = """{"items":[{"code":"B2.4","codeEl":"Β2.4","titleEl":"Πληροφορική","titleEn":"Informatics"}],"total":1}""";
        Upstream.Answers["/api/reference/prefectures"] = """{"items":[{"code":"GR-A1","nameEl":"Αττικής","nameEn":"Attica"}],"total":1}""";
        Gateway = await GatewayFixture.Start(Upstream, null, ("Services:Notifications", Upstream.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}

/// <summary>Announcements, questions, messages and the help desk as people and the office see them, without script.</summary>
public sealed class NewsPageTests(NewsFixture fixture) : IClassFixture<NewsFixture>
{
    const string Id = "0190a1b2-0000-7000-8000-0000000000aa";
    const string Stored = $$"""
        {"id":"{{Id}}","title":{"el":"Παράταση <της> φάσης","en":"Extension"},"text":{"el":"Έως **20/1**.","en":""},"html":{"el":"<p>Έως <strong>20/1</strong>.</p>","en":""},"publishAt":"2023-01-10T07:00:00Z",
         "until":null,"pinned":true,"cluster":"B2.4","prefecture":"GR-A1","role":null,"byMail":true,"mailedAt":null,"changedAt":"2023-01-10T07:00:00Z","version":3}
        """;

    const string Question = $$"""
        {"id":"{{Id}}","category":"Γενικά","question":{"el":"Ώς πότε;","en":""},"answer":{"el":"Ώς **αύριο**","en":""},"html":{"el":"<p>Ώς <strong>αύριο</strong></p>","en":""},"position":2,"published":true,"helped":4,"notHelped":1,"version":5}
        """;

    readonly Upstream upstream = fixture.Upstream;

    [Fact]
    public async Task An_announcement_is_read_as_html_and_its_title_as_text()
    {
        upstream.Answers["/api/announcements"] = $$"""{"items":[{{Stored}}],"page":1,"pageSize":50,"total":1}""";

        var page = await fixture.Gateway.Browser().GetStringAsync("/announcements");

        Assert.Contains("Παράταση &lt;της&gt; φάσης", page, StringComparison.Ordinal);
        Assert.Contains("<strong>20/1</strong>", page, StringComparison.Ordinal);
        Assert.Contains("/api/announcements/feed.atom?language=el", page, StringComparison.Ordinal);
        Assert.Contains("Extension", await fixture.Gateway.Browser("en").GetStringAsync("/announcements"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_office_changes_an_announcement_by_the_version_it_saw()
    {
        upstream.Answers[$"/api/announcements/{Id}"] = Stored;
        upstream.Answers[$"/api/announcements/{Id}/versions"] = """[{"version":2,"writtenBy":"maria","at":"2023-01-09T07:00:00Z","body":{"title":{"el":"Παλιός τίτλος","en":""},"text":{"el":"Παλιό κείμενο","en":""}}}]""";
        var (browser, path) = (await Office(), $"/office/news/announcement/{Id}");
        var form = await browser.GetStringAsync(path);
        Assert.Contains("Παράταση &lt;της&gt; φάσης", form, StringComparison.Ordinal);
        Assert.Contains("""<option value="GR-A1" selected>""", form, StringComparison.Ordinal);
        Assert.Contains("2023-01-10T09:00", form, StringComparison.Ordinal); // of Athens
        Assert.Contains("Παλιό κείμενο", form, StringComparison.Ordinal);

        var answer = await browser.Submit(path, null, Typed("Νέος τίτλος", "publish"));

        Assert.Equal((HttpStatusCode.Redirect, "/office/news"), (answer.StatusCode, new Uri(fixture.Gateway.Anyone().BaseAddress!, answer.Headers.Location!).AbsolutePath));
        var sent = Last("PUT", $"/api/announcements/{Id}");
        Assert.Equal(("Νέος τίτλος", 3, "GR-A1", "2023-01-12T10:30:00+02:00"), (sent["title"]!["el"]!.GetValue<string>(), sent["version"]!.GetValue<int>(), sent["prefecture"]!.GetValue<string>(), sent["publishAt"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_preview_stores_nothing_and_what_was_typed_stays()
    {
        upstream.Answers[$"/api/announcements/{Id}"] = Stored;
        upstream.Answers["/api/announcements/preview"] = """{"el":"<p>όπως <em>θα</em> φαίνεται</p>","en":""}""";

        var page = await (await (await Office()).Submit($"/office/news/announcement/{Id}", null, Typed("Δοκιμή", "preview"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("<em>θα</em>", page, StringComparison.Ordinal);
        Assert.Contains("""value="Δοκιμή""", page, StringComparison.Ordinal);
        Assert.DoesNotContain(upstream.Sent, s => s.Method == "PUT" && s.Body.Contains("Δοκιμή", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_comes_second_is_told_and_loses_nothing_that_was_typed()
    {
        upstream.Answers[$"/api/faq/{Id}"] = Question;
        upstream.Answers[$"PUT /api/faq/{Id}"] = null;

        var answer = await (await Office()).Submit($"/office/news/question/{Id}", null, ("_handler", "question"), ("category", "Γενικά"), ("questionEl", "Ώς πότε ακριβώς;"), ("answerEl", "Ώς μεθαύριο"), ("act", "save"));

        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Matches("(?s)role=\"alert\".*Όχι τώρα.*Ώς πότε ακριβώς;.*Ώς μεθαύριο", page);
        Assert.Equal(5, Last("PUT", $"/api/faq/{Id}")["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_search_of_questions_keeps_what_was_typed_and_a_voice_is_heard()
    {
        upstream.Answers["/api/faq"] = $$"""{"items":[{{Question}}],"page":1,"pageSize":200,"total":1}""";
        upstream.Answers[$"/api/faq/{Id}/helped"] = "{}";
        var browser = fixture.Gateway.Browser();
        var page = await browser.GetStringAsync("/faq?q=%CE%B5%CE%B3%CE%B3%CF%81%CE%B1%CF%86%CE%B7\"><script>");
        Assert.Contains("Βρέθηκε 1 απάντηση", page, StringComparison.Ordinal);
        Assert.Contains("""value="εγγραφη&quot;&gt;&lt;script&gt;""", page, StringComparison.Ordinal);

        var answer = await browser.Submit("/faq", null, ("_handler", $"helped-{Id}"), ("helped", "yes"));

        Assert.Contains("Σας ευχαριστούμε", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(Last("POST", $"/api/faq/{Id}/helped")["helped"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("/office/news")]
    [InlineData("/office/news/announcement")]
    [InlineData("/office/news/question")]
    [InlineData("/office/help")]
    [InlineData("/office/messages")]
    [InlineData("/office/messages/sent")]
    public async Task What_the_office_writes_and_reads_is_the_office_s_alone(string path)
    {
        var sent = await fixture.Gateway.Browser().GetAsync(path);
        Assert.Equal((HttpStatusCode.Found, $"/sign-in?return={Uri.EscapeDataString(path)}"), (sent.StatusCode, sent.Headers.Location!.PathAndQuery));

        await fixture.Gateway.ImportAccounts("news-teacher,teacher,300700,,a good long word\n");
        var teacher = fixture.Gateway.Browser();
        (await teacher.Login("news-teacher", "a good long word", cookies: true)).EnsureSuccessStatusCode();
        var refused = await teacher.GetAsync(path);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.DoesNotContain("<textarea", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_office_sees_in_sum_and_by_person_what_was_sent_and_sends_again_what_failed()
    {
        upstream.Answers["/api/messages/summary"] = """
            {"total":15003,"byState":{"Sent":15000,"Failed":2,"Pending":1},"byKind":{},"byChannel":{},"counts":[],"results":[{"period":"B2-2023-2","draw":1,"applications":15000,"messages":14999}],
             "sms":{"parts":31,"cost":1.24,"currency":"EUR"},"oldestPending":null}
            """;
        upstream.Answers["/api/messages"] = $$"""
            {"items":[{"id":"{{Id}}","kind":"Placed","channel":"Email","state":"Failed","period":"B2-2023-2","recipient":"0123456789ABCDEF","address":"anna@example.gr","subject":null,"attempts":1,
             "error":"550 <no> such person","createdAt":"2023-01-23T10:00:00Z","dueAt":null,"sentAt":null}],"page":1,"pageSize":50,"total":1}
            """;
        upstream.Answers[$"/api/messages/{Id}/retry"] = "{}";
        var browser = await Office();

        var page = await browser.GetStringAsync("/office/messages/sent?q=anna@example.gr&state=Failed");

        Assert.Contains("15.000", page, StringComparison.Ordinal);
        Assert.Contains("1,24 EUR", page, StringComparison.Ordinal);
        Assert.Contains("550 &lt;no&gt; such person", page, StringComparison.Ordinal);
        Assert.Matches("14\\.999.*15\\.000", page); // I13: one result is missing
        await browser.Submit("/office/messages/sent?q=anna@example.gr&state=Failed", null, ("_handler", $"retry-{Id}"));
        Assert.Contains(upstream.Sent, s => s.Path == $"/api/messages/{Id}/retry");
    }

    async Task<HttpClient> Office()
    {
        var browser = fixture.Gateway.Browser();
        await browser.Submit("/sign-in", null, ("Form.UserName", "office"), ("Form.Password", GatewayFixture.OfficePassword));
        return browser;
    }

    JsonNode Last(string method, string path) => JsonNode.Parse(upstream.Sent.Last(s => (s.Method, s.Path) == (method, path)).Body)!;

    static (string, string)[] Typed(string title, string act) =>
    [
        ("_handler", "announcement"), ("titleEl", title), ("textEl", "Κείμενο"), ("publishAt", "2023-01-12T10:30"), ("audienceRole", ""), ("cluster", ""), ("prefecture", "GR-A1"), ("act", act),
    ];
}
