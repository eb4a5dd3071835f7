using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Gateway.Tests;

/// <summary>A file of the office between its upload and its end; the upstream stands for the service.</summary>
public sealed partial class ImportRunTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    const string Service = "/api/teachers/import";

    [Fact]
    public async Task A_file_is_kept_while_it_waits_for_a_word_and_no_longer()
    {
        fixture.Upstream.Answers[Service] = """{"created":2,"updated":0,"unchanged":0,"rejected":1,"faults":[{"line":3,"column":"email","reason":"Δεν είναι διεύθυνση.","rule":"R29"}],"changes":[]}""";
        var office = await Office();
        var page = await Upload(office, "registry_number\n1\n2\n");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        var address = page.Headers.Location!.OriginalString;
        var shown = await office.GetStringAsync(address);
        Assert.Matches("""<th scope="row">3</th><td><code>email</code></td><td>Δεν είναι διεύθυνση.</td><td>R29</td>""", shown);
        Assert.Contains("Εισαγωγή μόνο των σωστών γραμμών", shown, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (await Count("state = 1 and content is not null"), await Count("true")));

        await office.Submit(address, null, ("_handler", "partial"));
        Assert.Contains("Η εισαγωγή ολοκληρώθηκε", await office.GetStringAsync(address), StringComparison.Ordinal);
        Assert.Equal((0L, 1L), (await Count("content is not null"), await Count("state = 3 and partial")));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_an_interruption_and_nothing_was_changed()
    {
        await using var gateway = await GatewayFixture.Start(null);
        var office = gateway.Browser();
        (await office.Login("office", GatewayFixture.OfficePassword, cookies: true)).EnsureSuccessStatusCode();
        var page = await office.GetStringAsync((await Upload(office, "registry_number\n1\n")).Headers.Location!.OriginalString);
        Assert.Contains("Η επεξεργασία διακόπηκε", page, StringComparison.Ordinal);
        Assert.Contains("Δεν άλλαξε τίποτε", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_comes_from_our_own_form_and_from_the_office_alone()
    {
        var office = await Office();
        Assert.Equal(HttpStatusCode.BadRequest, (await office.PostAsync("/office/imports/file", Form("x", null))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await fixture.Gateway.Browser().PostAsync("/office/imports/file", Form("x", null))).StatusCode); // to the sign-in
        Assert.EndsWith("missing=teachers", (await Upload(office, "")).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    async Task<HttpClient> Office()
    {
        var browser = fixture.Gateway.Browser();
        (await browser.Login("office", GatewayFixture.OfficePassword, cookies: true)).EnsureSuccessStatusCode();
        return browser;
    }

    static async Task<HttpResponseMessage> Upload(HttpClient browser, string file) =>
        await browser.PostAsync("/office/imports/file", Form(file, Token().Match(await browser.GetStringAsync("/office/imports")).Groups[1].Value));

    static MultipartFormDataContent Form(string file, string? token)
    {
        var form = new MultipartFormDataContent { { new StringContent("teachers"), "kind" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "file", "teachers.csv" } };
        if (token is not null)
        {
            form.Add(new StringContent(token), "__RequestVerificationToken");
        }
        return form;
    }

    async Task<long> Count(string what)
    {
        await using var source = NpgsqlDataSource.Create(fixture.Gateway.Database);
        await using var command = source.CreateCommand($"select count(*) from import_runs where {what}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
