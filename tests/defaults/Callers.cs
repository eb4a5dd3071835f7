using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Tests.Servers;
using EPimorfosi.Trial;

namespace EPimorfosi.Defaults.Tests;

public sealed class Callers(ServiceFixture<TrialService> fixture) : IClassFixture<ServiceFixture<TrialService>>
{
    readonly ServiceUnderTest<TrialService> service = fixture.Service;

    [Fact]
    public async Task A_route_that_names_no_policy_is_nobodys()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Office).GetAsync("/forgotten")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anyone().GetAsync("/forgotten")).StatusCode);
        Assert.Equal(["/forgotten"], service.RoutesWithoutPolicy());
    }

    [Fact]
    public async Task A_role_opens_its_own_routes_only()
    {
        Assert.Equal(HttpStatusCode.OK, (await service.As(Policies.Office).PostAsync("/said?word=a", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(Policies.Teacher).PostAsync("/said?word=a", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anyone().PostAsync("/said?word=a", null)).StatusCode);
    }

    [Fact]
    public async Task Only_the_gateways_word_counts()
    {
        await using var stranger = await TokenIssuer.Start();
        string[] bad =
        [
            stranger.Token("x", [Policies.Office]),
            service.Issuer.Token("x", [Policies.Office], lifetime: TimeSpan.FromMinutes(-4)),
            service.Issuer.Token("x", [Policies.Office], issuer: "somebody else"),
            service.Issuer.Token("x", [Policies.Office])[..^4] + "AAAA",
            "no token at all",
        ];
        foreach (var token in bad)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client(token).PostAsync("/said?word=a", null)).StatusCode);
        }
    }

    [Theory]
    [InlineData("el", "Παρουσιάστηκε σφάλμα του συστήματος")]
    [InlineData("en-US", "The system met a fault")]
    public async Task A_fault_of_ours_is_told_without_its_secrets(string language, string title)
    {
        var answer = await service.Anyone(language).GetAsync("/broken");
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(title, (string?)problem!["title"]);
        Assert.Equal("urn:epimorfosi:problem:fault", (string?)problem["type"]);
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Trial.cs", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_there_says_so()
    {
        var problem = await (await service.Anyone().GetAsync("/nowhere")).Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(404, (int?)problem!["status"]);
    }

    [Fact]
    public async Task A_method_or_a_body_that_a_route_does_not_take_is_named()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await service.As(Policies.Office).DeleteAsync("/said?word=a")).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await service.As(Policies.Office).PostAsync("/heard", new StringContent("<x/>", Encoding.UTF8, "text/xml"))).StatusCode);
    }

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("\uFEFFa;b\r\n1;2\r\n")]
    [InlineData("b,a\n2,1")]
    [InlineData("a,b\n\" 1 \",\"2\"\n\n")]
    public async Task Csv_is_read_in_every_form_it_may_have(string file) =>
        Assert.Equal("""[{"line":2,"a":"1","b":"2","fault":null}]""", await Import(Encoding.UTF8.GetBytes(file)));

    [Theory]
    [InlineData("a,c\n1,2\n", "\"line\":1")]
    [InlineData("a\n1\n", "missing: b")]
    [InlineData("a,b\n1,2,3\n", "3 values where the header has 2 columns")]
    [InlineData("a,b\n1,x\"y\n", "quotation mark")]
    [InlineData("", "The header must be a,b")]
    public async Task Csv_that_is_wrong_is_a_fault_of_its_line(string file, string expected) =>
        Assert.Contains(expected, await Import(Encoding.UTF8.GetBytes(file)), StringComparison.Ordinal);

    [Fact]
    public async Task Invalid_utf8_is_named()
    {
        var answer = await Import([.. "a,b\n1,2\n"u8, 0xFF, 0xFE, .. ",3\n"u8]);
        Assert.Contains("UTF-8", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_a_hundred_megabytes_is_refused()
    {
        var content = new ByteArrayContent(new byte[100_000_000]);
        content.Headers.ContentType = new("text/csv");
        using var client = service.Anyone();
        client.DefaultRequestHeaders.ExpectContinue = true;
        var answer = await client.PostAsync("/import", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("urn:epimorfosi:problem:too-large", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    async Task<string> Import(byte[] file)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new("text/csv");
        return await (await service.Anyone().PostAsync("/import", content)).Content.ReadAsStringAsync();
    }
}
