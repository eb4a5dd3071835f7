using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

public class AccountImportTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Importing_twice_changes_nothing_and_what_differs_is_updated()
    {
        const string Two = "anna,teacher,300100,,first-password\nkse,centre,,9010001,first-password\n";
        Assert.Equal("2,0,0,0", Counts(await (await fixture.Gateway.ImportAccounts(Two)).Json()));
        Assert.Equal("0,0,2,0", Counts(await (await fixture.Gateway.ImportAccounts(Two)).Json()));
        var anna = await fixture.Gateway.SignedIn("anna", "first-password");
        Assert.Equal("0,1,1,0", Counts(await (await fixture.Gateway.ImportAccounts(Two.Replace("anna,teacher,300100,,first", "anna,teacher,300100,,other", StringComparison.Ordinal))).Json()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await anna.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Gateway.Anyone().Login("anna", "first-password")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.Anyone().Login("anna", "other-password")).StatusCode);
    }

    [Theory]
    [InlineData("bad name!,teacher,1,,password1", "user_name")]
    [InlineData("x1,minister,1,,password1", "role")]
    [InlineData("x1,,1,,password1", "role")]
    [InlineData("x1,teacher,,,password1", "registry_number")]
    [InlineData("x1,centre,,,password1", "centre")]
    [InlineData("x1,teacher,1,,short", "password")]
    [InlineData("x1,teacher,1", null)]
    [InlineData("GOOD,teacher,1,,password1", "user_name")]
    public async Task A_faulty_line_is_named_with_its_column_and_nothing_is_changed(string line, string? column)
    {
        var refused = await fixture.Gateway.ImportAccounts($"good,teacher,300200,,good-password\n{line}\n");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("import-rejected", await refused.Problem());
        var problem = await refused.Json();
        Assert.Equal("0,0,0,1", Counts(problem));
        var fault = Assert.Single(problem["faults"]!.AsArray())!;
        Assert.Equal((3, column), (fault["line"]!.GetValue<int>(), fault["column"]?.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Gateway.Anyone().Login("good", "good-password")).StatusCode);
    }

    [Fact]
    public async Task With_partial_the_sound_lines_are_taken()
    {
        var answer = await fixture.Gateway.ImportAccounts("sound,teacher,300300,,good-password\nunsound,teacher,,,good-password\n", "?partial=true");
        Assert.Equal("1,0,0,1", Counts(await answer.Json()));
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.Anyone().Login("sound", "good-password")).StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_not_UTF8_or_has_another_header_is_refused()
    {
        var office = await fixture.Gateway.SignedIn();
        var greek = await office.ImportAccounts([.. Encoding.UTF8.GetBytes("user_name,role,registry_number,centre,password\n"), 0xC1, 0xED, 0xED, 0xE1, (byte)'\n']);
        Assert.Equal("import-rejected", await greek.Problem());
        Assert.Equal("import-rejected", await (await office.ImportAccounts(Encoding.UTF8.GetBytes("user,role\na,teacher\n"))).Problem());
    }

    [Fact]
    public async Task Only_the_office_may_import_and_only_CSV()
    {
        await (await fixture.Gateway.ImportAccounts("nosy,teacher,300400,,good-password\n")).Json();
        Assert.Equal("not-signed-in", await (await fixture.Gateway.Anyone().ImportAccounts([])).Problem());
        Assert.Equal("not-allowed", await (await (await fixture.Gateway.SignedIn("nosy", "good-password")).ImportAccounts([])).Problem());
        var json = await (await fixture.Gateway.SignedIn()).PostAsync("/api/accounts/import", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal("unsupported-media-type", await json.Problem());
    }

    [Fact]
    public async Task An_account_without_a_password_is_invited_once_and_its_owner_chooses_one()
    {
        const string Line = "eleni@example.org,teacher,300500,,\n";
        Assert.Equal("1,0,0,0", Counts(await (await fixture.Gateway.ImportAccounts(Line)).Json()));
        Assert.Equal("0,0,1,0", Counts(await (await fixture.Gateway.ImportAccounts(Line)).Json()));
        var invitation = await fixture.Gateway.Bus.Next<InvitationIssued>(message => message.UserName == "eleni@example.org");
        Assert.Equal(("300500", "eleni@example.org"), (invitation.RegistryNumber, invitation.Email));
        Assert.Single(fixture.Gateway.Bus.Heard<InvitationIssued>(), message => message.UserName == "eleni@example.org");

        var path = new Uri(invitation.Link).PathAndQuery;
        var browser = fixture.Gateway.Browser();
        Assert.Contains("eleni@example.org", await browser.GetStringAsync(path), StringComparison.Ordinal);
        var differ = await browser.Submit(path, null, ("Form.Password", "chosen-password"), ("Form.Again", "another-password"));
        Assert.Contains("Οι δύο κωδικοί δεν είναι ίδιοι", await differ.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var chosen = await browser.Submit(path, null, ("Form.Password", "chosen-password"), ("Form.Again", "chosen-password"));
        Assert.Equal("/my/start", chosen.Headers.Location?.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/accounts/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.Anyone().Login("eleni@example.org", "chosen-password")).StatusCode);
        Assert.Contains("δεν ισχύει πια", await fixture.Gateway.Browser().GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains("δεν ισχύει πια", await fixture.Gateway.Browser().GetStringAsync("/invitation?account=x&token=y"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_are_told_of_accounts_that_are_more_than_a_teachers_or_were()
    {
        await fixture.Gateway.ImportAccounts("told-kse@example.org,centre,,9010002,first-password\ntold-teacher,teacher,300600,,first-password\n");
        var made = await Told("told-kse@example.org", 1);
        Assert.Equal(("centre", "9010002", "told-kse@example.org"), (string.Join('|', made.Roles), made.Centre, made.Email));
        await fixture.Gateway.ImportAccounts("told-kse@example.org,centre,,9010002,first-password\ntold-teacher,teacher|trainer,300600,,first-password\n");
        Assert.Equal("300600", (await Told("told-teacher", 2)).RegistryNumber); // told from the moment it is more
        await fixture.Gateway.ImportAccounts("told-kse@example.org,teacher,300700,,first-password\n");
        Assert.Equal("teacher", string.Join('|', (await Told("told-kse@example.org", 2)).Roles));
        await fixture.Gateway.ImportAccounts("told-kse@example.org,teacher,300701,,first-password\ntold-last,auditor,,,first-password\n");
        await Told("told-last", 1);
        Assert.Equal([("told-kse@example.org", 1), ("told-kse@example.org", 2), ("told-last", 1), ("told-teacher", 2)], All().Where(one => one.UserName.StartsWith("told-", StringComparison.Ordinal)).Select(one => (one.UserName, one.Version)).Order());
    }

    /// <summary>Those of before anybody was told, and the office's own, which no import makes.</summary>
    [Fact]
    public async Task At_the_start_others_are_told_of_accounts_they_do_not_know()
    {
        await fixture.Gateway.ImportAccounts("before,auditor,,,first-password\n");
        await Told("before", 1);
        await using var source = Npgsql.NpgsqlDataSource.Create(fixture.Gateway.Database);
        await using var forget = source.CreateCommand("update accounts set version = 0 where user_name = 'before'");
        await forget.ExecuteNonQueryAsync();
        await using var again = await fixture.Gateway.Again();
        await Until.True(() => All().Count(one => one is { UserName: "before", Version: 1 }) == 2, "it to be told again");
        await using var office = source.CreateCommand("select version from accounts where user_name = 'office'");
        Assert.Equal(1, await office.ExecuteScalarAsync()); // told at the first start, and not again
        Assert.DoesNotContain(All(), one => one.UserName == "office");
    }

    IEnumerable<AccountOwner> All() => fixture.Gateway.Bus.Heard<AccountsChanged>().SelectMany(message => message.Accounts);

    async Task<AccountOwner> Told(string name, int version) =>
        (await fixture.Gateway.Bus.Next<AccountsChanged>(message => message.Accounts.Any(one => one.UserName == name && one.Version == version))).Accounts.Single(one => one.UserName == name);

    [Fact]
    public async Task Fifteen_thousand_accounts_with_passwords_come_in_one_file()
    {
        var lines = string.Concat(Enumerable.Range(1, 15_000).Select(number => $"t{number},teacher,{400_000 + number},,password-{number}\n"));
        Assert.Equal("15000,0,0,0", Counts(await (await fixture.Gateway.ImportAccounts(lines)).Json()));
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.Anyone().Login("t15000", "password-15000")).StatusCode);
    }

    static string Counts(JsonNode report) => $"{report["created"]},{report["updated"]},{report["unchanged"]},{report["rejected"]}";
}
