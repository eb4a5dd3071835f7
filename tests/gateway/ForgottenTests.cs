using System.Net;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A forgotten password, the lock, and the address that is confirmed before the first use.</summary>
public sealed class ForgottenTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    const string Secret = "a good password", New = "quite another one";

    [Fact]
    public async Task The_link_of_the_letter_works_once_and_ends_all_sessions()
    {
        await fixture.Gateway.ImportAccounts($"210001,teacher,210001,,{Secret}\n");
        var (elsewhere, browser) = (await fixture.Gateway.SignedIn("210001", Secret), fixture.Gateway.Browser("en"));
        var path = await Link(browser, "210001");
        Assert.Contains("210001", await browser.GetStringAsync(path), StringComparison.Ordinal);
        var differ = await browser.Submit(path, null, ("Form.Password", New), ("Form.Again", "something else"));
        Assert.Equal(HttpStatusCode.OK, differ.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/api/accounts/me")).StatusCode);
        var chosen = await browser.Submit(path, null, ("Form.Password", New), ("Form.Again", New));
        Assert.Equal("/sign-in?done=password", chosen.Headers.Location?.PathAndQuery);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/accounts/me")).StatusCode); // a second step would still be asked for
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Login("210001", Secret)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.Login("210001", New)).StatusCode);
        Assert.Contains("no longer holds", await fixture.Gateway.Browser("en").GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_is_the_same_for_a_name_that_there_is_not_and_no_mailbox_is_filled()
    {
        await fixture.Gateway.ImportAccounts($"210002,teacher,210002,,{Secret}\n210003,teacher,210003,,{Secret}\n");
        var answers = new List<string>();
        foreach (var name in new[] { "210002", "nobody-at-all", "210002" })
        {
            var browser = fixture.Gateway.Browser();
            var sent = await browser.Submit("/forgotten", null, ("UserName", name));
            answers.Add($"{sent.StatusCode} {sent.Headers.Location?.PathAndQuery} {(await browser.GetStringAsync("/forgotten?sent=yes")).Length}");
        }
        Assert.Single(answers.Distinct());
        await fixture.Gateway.Bus.Next<PasswordForgotten>(letter => letter.UserName == "210002");
        await Link(fixture.Gateway.Browser(), "210003"); // asked for last: what was written for the others is on the bus by now
        Assert.Single(fixture.Gateway.Bus.Heard<PasswordForgotten>(), letter => letter.UserName == "210002");
        Assert.DoesNotContain(fixture.Gateway.Bus.Heard<PasswordForgotten>(), letter => letter.UserName == "nobody-at-all");
    }

    [Fact]
    public async Task The_link_never_leads_where_the_request_said_that_it_came_from()
    {
        await fixture.Gateway.ImportAccounts($"210004,teacher,210004,,{Secret}\n");
        var browser = fixture.Gateway.Browser();
        browser.DefaultRequestHeaders.Host = "evil.example";
        await browser.Submit("/forgotten", null, ("UserName", "210004"));
        var letter = await fixture.Gateway.Bus.Next<PasswordForgotten>(letter => letter.UserName == "210004");
        Assert.Equal(fixture.Gateway.Anyone().BaseAddress!.Authority, new Uri(letter.Link).Authority);
    }

    [Fact]
    public async Task A_link_expires()
    {
        await using var hasty = await GatewayFixture.Start(null, null, ("Accounts:PasswordLinkMinutes", "0"));
        await hasty.ImportAccounts($"210005,teacher,210005,,{Secret}\n");
        await hasty.Browser().Submit("/forgotten", null, ("UserName", "210005"));
        var letter = await hasty.Bus.Next<PasswordForgotten>(letter => letter.UserName == "210005");
        Assert.Contains("δεν ισχύει πια", await hasty.Browser().GetStringAsync(new Uri(letter.Link).PathAndQuery), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_locked_out_is_told_what_to_do_whether_or_not_the_name_is_known_and_a_new_password_opens_the_account()
    {
        await fixture.Gateway.ImportAccounts($"210006,teacher,210006,,{Secret}\n");
        foreach (var name in new[] { "210006", "no-such-name" })
        {
            var browser = fixture.Gateway.Browser();
            for (var attempt = 1; attempt <= 5; attempt++)
            {
                var page = await (await browser.Submit("/sign-in", null, ("Form.UserName", name), ("Form.Password", "wrong"))).Content.ReadAsStringAsync();
                Assert.Equal(attempt == 5, page.Contains("Τι μπορείτε να κάνετε", StringComparison.Ordinal));
            }
        }
        Assert.Equal("sign-in-locked", await (await fixture.Gateway.Anyone().Login("210006", Secret)).Problem());
        var path = await Link(fixture.Gateway.Browser(), "210006");
        await fixture.Gateway.Browser().Submit(path, null, ("Form.Password", New), ("Form.Again", New));
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.Anyone().Login("210006", New)).StatusCode);
    }

    [Fact]
    public async Task Behind_https_an_address_is_confirmed_before_the_first_use()
    {
        await using var gateway = await GatewayFixture.Start(null, null, ("Accounts:ConfirmEmail", "required"));
        await gateway.ImportAccounts($"210007,teacher,210007,,{Secret}\n210008,teacher,210008,,\n");
        var (browser, program) = (gateway.Browser(), await gateway.SignedIn("210007", Secret));
        await browser.Login("210007", Secret, cookies: true);
        Assert.Equal("/account/confirm", (await browser.GetAsync("/my")).Headers.Location?.OriginalString);
        Assert.Equal("email-not-confirmed", await (await program.GetAsync("/api/applications/P/options")).Problem());
        Assert.Equal("/account/confirm?sent=yes", (await browser.Submit("/account/confirm", null)).Headers.Location?.PathAndQuery);
        var letter = await gateway.Bus.Next<PasswordForgotten>(letter => letter.UserName == "210007");
        await gateway.Browser().Submit(new Uri(letter.Link).PathAndQuery, null, ("Form.Password", New), ("Form.Again", New));
        await browser.Login("210007", New, cookies: true);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/my")).StatusCode);

        var invited = gateway.Browser(); // its link has proved the address
        var invitation = new Uri((await gateway.Bus.Next<InvitationIssued>(message => message.UserName == "210008")).Link).PathAndQuery;
        await invited.Submit(invitation, null, ("Form.Password", New), ("Form.Again", New));
        Assert.Equal(HttpStatusCode.OK, (await invited.GetAsync("/my")).StatusCode);
    }

    async Task<string> Link(HttpClient browser, string name)
    {
        await browser.Submit("/forgotten", null, ("UserName", name));
        return new Uri((await fixture.Gateway.Bus.Next<PasswordForgotten>(letter => letter.UserName == name)).Link).PathAndQuery;
    }
}
