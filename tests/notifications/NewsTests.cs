using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using EPimorfosi.Contracts;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Recipients;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Notifications.Tests;

/// <summary>Announcements and questions that are often asked: what the office writes and what people find.</summary>
public sealed class NewsTests : IAsyncLifetime
{
    PostOffice office = null!;

    public async ValueTask InitializeAsync() => office = await PostOffice.Open();

    public ValueTask DisposeAsync() => office.DisposeAsync();

    [Theory]
    [InlineData("εγγραφη")]
    [InlineData("ΕΓΓΡΑΦΗ")]
    [InlineData("Εγγραφή")]
    [InlineData("εγγραφές")]
    public async Task A_question_is_found_without_accents_and_in_any_case(string typed)
    {
        await Faq("Εγγραφή: ώς πότε επιβεβαιώνω;", "Μέσα σε πέντε ημέρες.", "Enrolment: until when?");
        await Faq("Πώς γίνεται η κλήρωση;", "Με δημόσια τυχαιότητα.", "How does the draw work?");

        var found = (await Anyone<JsonElement>($"/api/faq?q={Uri.EscapeDataString(typed)}")).GetProperty("items");

        Assert.Equal("Εγγραφή: ώς πότε επιβεβαιώνω;", Assert.Single(found.EnumerateArray()).GetProperty("question").GetProperty("el").GetString());
    }

    [Fact]
    public async Task Readers_say_whether_an_answer_helped_and_only_the_office_writes()
    {
        var id = await Faq("Εγγραφή", "Απάντηση", "");
        foreach (var voice in (bool[])[true, true, false])
        {
            Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsJsonAsync($"/api/faq/{id}/helped", new FaqVoice(voice))).StatusCode);
        }

        var entry = (await office.Get("/api/faq/all"))[0];
        Assert.Equal((2, 1), (entry.GetProperty("helped").GetInt32(), entry.GetProperty("notHelped").GetInt32()));
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").PostAsJsonAsync("/api/faq", new FaqText("α", new("β", ""), new("γ", "")))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await office.Service.As("office").PostAsJsonAsync("/api/faq", new FaqText("α", new("", ""), new("γ", "")))).StatusCode);
        Assert.Empty(office.Service.RoutesWithoutPolicy());
    }

    [Fact]
    public async Task An_announcement_appears_in_its_time_pinned_first_and_in_the_feed()
    {
        var now = DateTimeOffset.UtcNow;
        await Announce(Given("παλιά") with { PublishAt = now.AddDays(-2) });
        await Announce(Given("καρφιτσωμένη") with { PublishAt = now.AddDays(-3), Pinned = true });
        await Announce(Given("αυριανή") with { PublishAt = now.AddDays(1) });
        await Announce(Given("ληγμένη") with { PublishAt = now.AddDays(-3), Until = now.AddDays(-1) });
        await Announce(Given("για κέντρα") with { PublishAt = now.AddDays(-1), Role = "centre" });

        Assert.Equal(["καρφιτσωμένη", "παλιά"], await Titles(office.Service.Anyone()));
        Assert.Equal(["καρφιτσωμένη", "για κέντρα", "παλιά"], await Titles(office.Service.As("centre")));
        var answer = await office.Service.Anyone().GetAsync("/api/announcements/feed.atom");
        var feed = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        XNamespace atom = "http://www.w3.org/2005/Atom";
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["παλιά", "καρφιτσωμένη"], feed.Descendants(atom + "entry").Select(e => e.Element(atom + "title")!.Value));
    }

    [Fact]
    public async Task By_mail_it_goes_once_to_those_it_concerns_who_have_not_ended_it()
    {
        await office.TellBasics(1, 2, 3);
        await office.Tell(new ApplicationsReceived(Tests.Given.P, [.. Tests.Given.Received(1, 1, 2).Applications, Tests.Given.Received(1, 3).Applications[0] with { Cluster = "B2.9" }]));
        await office.UntilCount("Sent", 3);
        var second = await office.Service.Again();
        var wishes = new Wishes(null, true, false, null, null);
        Assert.True((await office.Service.As("teacher", registryNumber: "000002").PutAsJsonAsync("/api/messages/preferences", wishes)).IsSuccessStatusCode);

        await Announce(Given("Νέα για τη συστάδα") with { Cluster = "B2.4", ByMail = true });

        await office.UntilMails(4);
        await office.UntilCount("Sent", 4);
        await second.DisposeAsync();
        var mail = office.Smtp.Mails[^1];
        Assert.Equal((Tests.Given.Address(1), "Νέα για τη συστάδα"), (mail.To, mail.Mime.Subject));
        var unsubscribe = new Uri(mail.Mime.Headers["List-Unsubscribe"]!.Trim('<', '>'));
        Assert.Equal(HttpStatusCode.NotFound, (await office.Service.Anyone().PostAsync(unsubscribe.AbsolutePath + "x", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync(unsubscribe.AbsolutePath, null)).StatusCode);
        var after = await office.Service.As("teacher", registryNumber: "000001").GetFromJsonAsync<Wishes>("/api/messages/preferences");
        Assert.False(after!.Announcements);
    }

    [Fact]
    public async Task By_mail_an_announcement_for_a_prefecture_goes_to_who_applied_there_and_one_for_centres_to_no_teacher()
    {
        await office.TellBasics(1, 2);
        await office.Tell(Tests.Given.Received(1, 1), new ApplicationsReceived(Tests.Given.P, [Tests.Given.Received(1, 2).Applications[0] with { Preferences = [Tests.Given.Online.Code] }]));
        await office.UntilCount("Sent", 2);

        await Announce(Given("Για κέντρα") with { Role = "centre", ByMail = true });
        await Announce(Given("Για την Αττική") with { Prefecture = Tests.Given.Near.Prefecture, ByMail = true });

        await office.UntilMailed();
        await office.UntilCount("Sent", 3);
        Assert.Equal((Tests.Given.Address(1), "Για την Αττική"), (office.Smtp.Mails[^1].To, office.Smtp.Mails[^1].Mime.Subject));
    }

    [Fact]
    public async Task By_mail_it_reaches_centres_trainers_and_auditors_each_once_and_they_can_end_it_too()
    {
        var (kse, far, ann, both, audit) = (Owner(1, "kse@example.gr", "centre") with { Centre = Tests.Given.Near.Centre }, Owner(2, "far@example.gr", "centre") with { Centre = "9999999" },
            Owner(3, "ann@example.gr", "trainer") with { RegistryNumber = "T-1" }, Owner(4, null, "teacher", "trainer") with { RegistryNumber = "000002" }, Owner(5, "audit@example.gr", "auditor"));
        await office.TellBasics(1, 2);
        await office.Tell(
            new AccountsChanged([kse with { Version = 2 }, far, ann, both, audit, Owner(6, null, "auditor")]), new AccountsChanged([kse with { Email = "old@example.gr" }]),
            new TrainersAssigned(Tests.Given.P, [new(Tests.Given.Online.Code, 1, ["T-1", "000002"])]));
        await Until.True(async () => (long)(await office.Scalar("select count(*) from accounts"))! == 6 && (long)(await office.Scalar("select count(*) from trainers"))! == 1, "the accounts to be known");

        foreach (var (text, to) in new (AnnouncementText, string[])[]
        {
            (Given("Κέντρα") with { Role = "centre" }, ["far@example.gr", "kse@example.gr"]),
            (Given("Κέντρα της Αττικής") with { Role = "centre", Prefecture = Tests.Given.Near.Prefecture }, ["kse@example.gr"]),
            (Given("Επιμορφωτές") with { Role = "trainer", Cluster = "B2.4" }, ["ann@example.gr", Tests.Given.Address(2)]),
            (Given("Επιμορφωτές της Αττικής") with { Role = "trainer", Prefecture = Tests.Given.Near.Prefecture }, []),
            (Given("Ελεγκτές") with { Role = "auditor" }, ["audit@example.gr"]),
            (Given("Ελεγκτές συστάδας") with { Role = "auditor", Cluster = "B2.4" }, []),
            (Given("Όλοι") with { Role = null }, ["ann@example.gr", "audit@example.gr", "far@example.gr", "kse@example.gr", Tests.Given.Address(1), Tests.Given.Address(2)]),
        })
        {
            var before = office.Smtp.Mails.Count;
            var preview = await (await office.Service.As("office").PostAsJsonAsync("/api/announcements/preview", text)).Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(to.Length, preview.GetProperty("recipients").GetInt32());
            await Announce(text with { ByMail = true });
            await office.UntilMailed();
            await office.UntilMails(before + to.Length);
            Assert.Equal((string?[])[.. to.Order()], office.Smtp.Mails.Skip(before).Select(mail => mail.To).Order());
        }

        var last = office.Smtp.Mails.Last(mail => mail.To == "kse@example.gr");
        var unsubscribe = new Uri(last.Mime.Headers["List-Unsubscribe"]!.Trim('<', '>')).AbsolutePath;
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().PostAsync(unsubscribe, null)).StatusCode);
        Assert.Equal(1, await Reached("centre"));
        Assert.Equal(HttpStatusCode.NoContent, (await office.Service.Anyone().DeleteAsync(unsubscribe)).StatusCode);
        Assert.Equal(2, await Reached("centre"));
        await office.Tell(new AccountsChanged([far with { Version = 2, Roles = ["teacher"] }]));
        await Until.True(async () => await Reached("centre") == 1, "who is a centre no more to be left out");

        async Task<int> Reached(string role) =>
            (await (await office.Service.As("office").PostAsJsonAsync("/api/announcements/preview", Given("Κέντρα") with { Role = role })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("recipients").GetInt32();

        static AccountOwner Owner(int number, string? email, params string[] roles) => new(new Guid(number, 0, 0, new byte[8]), 1, $"account-{number}", roles, null, null, email);
    }

    [Fact]
    public async Task Of_two_who_change_a_text_the_second_is_told_and_every_version_is_kept()
    {
        var desk = office.Service.As("office", "somebody");
        var made = await (await desk.PostAsJsonAsync("/api/announcements", Given("πρώτη"))).Content.ReadFromJsonAsync<JsonElement>();
        var path = $"/api/announcements/{made.GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.OK, (await desk.PutAsJsonAsync(path, Given("δεύτερη") with { Version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await desk.PutAsJsonAsync(path, Given("από αλλού") with { Version = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await desk.PutAsJsonAsync(path, Given("χωρίς έκδοση"))).StatusCode);
        Assert.Equal(["δεύτερη"], await Titles(office.Service.Anyone()));
        Assert.Equal(["δεύτερη", "πρώτη"], (await office.Get($"{path}/versions")).EnumerateArray().Select(v => v.GetProperty("body").GetProperty("title").GetProperty("el").GetString()));

        var faq = $"/api/faq/{await Faq("Εγγραφή", "Απάντηση", "")}";
        var text = new FaqText("Γενικά", new("Εγγραφή;", ""), new("Νέα", ""), Version: 1);
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.PutAsJsonAsync(faq, text)));
        Assert.Equal((1, 3), (both.Count(b => b.StatusCode == HttpStatusCode.OK), both.Count(b => b.StatusCode == HttpStatusCode.Conflict)));
        Assert.Equal(2, (await office.Get($"{faq}/versions")).GetArrayLength());
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").GetAsync($"{faq}/versions")).StatusCode);
    }

    [Fact]
    public async Task What_the_office_writes_changes_and_takes_back_is_in_the_audit_once()
    {
        var desk = office.Service.As("office", "somebody");
        var made = await (await desk.PostAsJsonAsync("/api/announcements", Given("Πρώτη"))).Content.ReadFromJsonAsync<JsonElement>();
        var announcement = $"/api/announcements/{made.GetProperty("id").GetString()}";
        await desk.PutAsJsonAsync(announcement, Given("Δεύτερη") with { Version = 1 });
        await desk.PutAsJsonAsync(announcement, Given("από παλιά έκδοση") with { Version = 1 });
        await desk.DeleteAsync(announcement);
        await desk.DeleteAsync(announcement);
        var faq = $"/api/faq/{await Faq("Εγγραφή", "Απάντηση", "")}";
        await desk.PutAsJsonAsync(faq, new FaqText("Γενικά", new("Εγγραφή;", ""), new("Νέα", ""), Version: 1));
        await desk.DeleteAsync(faq);

        Assert.Equal(
            ["announcement.written Πρώτη", "announcement.changed Δεύτερη", "announcement.deleted Δεύτερη", "faq.written Εγγραφή", "faq.changed Εγγραφή;", "faq.deleted Εγγραφή;"],
            (await office.Get("/api/audit")).EnumerateArray().Reverse().Select(act => $"{act.GetProperty("act").GetString()} {act.GetProperty("subject").GetString()}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Service.As("teacher").GetAsync("/api/audit")).StatusCode);
    }

    static AnnouncementText Given(string title) => new(new(title, ""), new("Κείμενο", ""));

    static async Task<string?[]> Titles(HttpClient client) =>
        [.. (await client.GetFromJsonAsync<JsonElement>("/api/announcements")).GetProperty("items").EnumerateArray().Select(a => a.GetProperty("title").GetProperty("el").GetString())];

    async Task Announce(AnnouncementText text) => (await office.Service.As("office").PostAsJsonAsync("/api/announcements", text)).EnsureSuccessStatusCode();

    async Task<string> Faq(string question, string answer, string english)
    {
        var made = await office.Service.As("office").PostAsJsonAsync("/api/faq", new FaqText("Γενικά", new LocalText(question, english), new(answer, "")));
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    async Task<T> Anyone<T>(string path) => (await office.Service.Anyone().GetFromJsonAsync<T>(path))!;
}
