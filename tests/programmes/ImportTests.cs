using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EPimorfosi.Contracts.Imports;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

public sealed class ImportTests(SharedService shared) : IClassFixture<SharedService>, IAsyncLifetime
{
    readonly ServiceUnderTest<Program> service = shared.Service;
    readonly string period = SharedService.NewPeriod();

    public async ValueTask InitializeAsync() => Assert.Equal(HttpStatusCode.Created, (await service.PutPeriod(period)).StatusCode);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<int> Stored() => (int)(await service.Read($"/api/programmes?period={period}"))["total"]!;

    IEnumerable<ProgrammesPublished> Published => service.Bus.Heard<ProgrammesPublished>().Where(message => message.Period == period);

    [Fact]
    public async Task Programmes_are_created_published_and_the_second_time_unchanged()
    {
        var file = Header + Line("A1", "IIa", tail: "8,12,2023-03-07,Tue 17:00|Thu 17:00,E1:30|E2:30,GR-A1-A") + Line("A2");
        var first = await service.Import(period, file);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("2,0,0,0", (await first.Body()).Counts());
        var published = await service.Bus.Next<ProgrammesPublished>(message => message.Period == period);
        var one = published.Programmes.Single(programme => programme.Code == "A1");
        Assert.Equal((2, 1), (published.Programmes.Count, one.Version));
        Assert.Equal(["GR-01", "GR-A1"], one.Nomoi);
        Assert.Equal(("GR-01", 8, 12, "10ο ΟΛΟΗΜΕΡΟ ΔΗΜΟΤΙΚΟ ΣΧΟΛΕΙΟ ΑΓΡΙΝΙΟΥ"), (one.Prefecture, one.Minimum, one.Maximum, one.CentreName));

        Assert.Equal("0,0,2,0", (await (await service.Import(period, file)).Body()).Counts());
        Assert.Equal("0,1,1,0", (await (await service.Import(period, file.Replace("8,12", "8,13", StringComparison.Ordinal))).Body()).Counts());
        Assert.Equal(2, (await service.Bus.Next<ProgrammesPublished>(message => message.Period == period && message.Programmes.Count == 1)).Programmes[0].Version);
        Assert.Equal(2, Published.Count()); // nothing was said of what did not change
        await service.Bus.Next<ImportFinished>(told => told.Period == period && told.Updated == 1);
        Assert.Equal([(2, 0, 0), (0, 1, 1)], service.Bus.Heard<ImportFinished>().Where(told => told.Period == period).Select(told => (told.Created, told.Updated, told.Unchanged)));
    }

    [Fact]
    public async Task Every_way_to_write_the_same_file_is_read()
    {
        var file = Header + Line("W1") + Line("W2", title: "\"Φυσική, Χημεία\"");
        await service.Import(period, file);
        var semicolons = file.Replace("\"Φυσική, Χημεία\"", "#", StringComparison.Ordinal).Replace(',', ';').Replace("#", "Φυσική, Χημεία", StringComparison.Ordinal);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "file", "programmes.csv" } };

        Assert.Equal("0,0,2,0", (await (await service.Import(period, "\uFEFF" + file)).Body()).Counts());
        Assert.Equal("0,0,2,0", (await (await service.Import(period, file.ReplaceLineEndings("\r\n"))).Body()).Counts());
        Assert.Equal("0,0,2,0", (await (await service.Import(period, "\uFEFF" + semicolons.ReplaceLineEndings("\r\n"))).Body()).Counts());
        Assert.Equal("0,0,2,0", (await (await service.As(Policies.Office).PostAsync($"/api/programmes/import?period={period}", form)).Body()).Counts());
    }

    [Fact]
    public async Task A_file_with_a_rejected_line_changes_nothing_unless_partial()
    {
        var file = Header + Line("B1") + Line("B2", cluster: "B2.14") + "B3,B2.4\n" + Line("B4", tail: ",,2023-03-07,Tue 17:00,E1:30|E2:20,GR-99") + Line("B1") + Line("B5");
        var answer = await service.Import(period, file);
        var problem = await answer.Body();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("urn:epimorfosi:problem:import-rejected", (string?)problem["type"]);
        Assert.Equal("2,0,0,4", problem.Counts());
        Assert.Equal(["3:cluster:R1", "4::", "5:slots:R3", "5:trainers:R6", "5:extra_prefectures:R5", "5:extra_prefectures:R5", "6:code:"], problem.Faults());
        Assert.Contains(problem["faults"]!.AsArray(), fault => ((string)fault!["reason"]!).Contains("45 of the 60 teaching hours; 15 are missing", StringComparison.Ordinal));
        Assert.Equal(0, await Stored());

        var partial = await service.Import(period, file, "&partial=true");
        Assert.Equal(HttpStatusCode.OK, partial.StatusCode);
        Assert.Equal("2,0,0,4", (await partial.Body()).Counts());
        Assert.Equal(2, await Stored());
    }

    [Theory]
    [InlineData("code,cluster\nA,B2.4\n", 1)]
    [InlineData("", 1)]
    [InlineData(Header + "A,B2.4\n", 2)]
    [InlineData(Header + "A,B\"2.4,IIa,1,T,,,2023-03-07,,,\n", 2)]
    public async Task A_file_that_is_no_such_table_is_refused_with_the_line(string file, int line)
    {
        var answer = await service.Import(period, file);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(line, (int)(await answer.Body())["faults"]![0]!["line"]!);
    }

    [Fact]
    public async Task Invalid_UTF8_is_refused_and_changes_nothing()
    {
        var answer = await service.Import(period, [.. Encoding.UTF8.GetBytes(Header + Line("C1")), .. Encoding.GetEncoding("ISO-8859-1").GetBytes(Line("C2", title: "\u00c1\u00c8"))]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("UTF-8", (string)(await answer.Body())["faults"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal(0, await Stored());
    }

    [Fact]
    public async Task A_body_of_100_MB_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/programmes/import?period={period}")
        {
            Content = new ByteArrayContent(new byte[100_000_000]) { Headers = { ContentType = new("text/csv") } },
            Headers = { ExpectContinue = true }, // as curl does; else the refusal may be lost in what is still being sent
        };
        var answer = await service.As(Policies.Office).SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("urn:epimorfosi:problem:too-large", (string?)(await answer.Body())["type"]);
        Assert.Equal(0, await Stored());
    }

    [Fact]
    public async Task A_body_that_is_no_file_is_refused()
    {
        var json = await service.As(Policies.Office).PostAsync($"/api/programmes/import?period={period}", Json("{}"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Import("NONE", Header)).StatusCode);
    }

    [Theory]
    [InlineData(Policies.Teacher)]
    [InlineData(Policies.Centre)]
    [InlineData(Policies.Trainer)]
    [InlineData(Policies.Auditor)]
    public async Task Only_the_office_imports_and_exports(string role)
    {
        using var content = new StringContent(Header, new MediaTypeHeaderValue("text/csv"));
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(role).PostAsync($"/api/programmes/import?period={period}", content)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await service.As(role).GetAsync($"/api/programmes/export.csv?period={period}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Anyone().GetAsync($"/api/programmes/export.csv?period={period}")).StatusCode);
    }

    [Fact]
    public async Task What_is_exported_imports_unchanged_and_a_code_stays_with_its_period()
    {
        await service.Import(period, Header + Line("D1", "IIa", title: "\"Με \"\"εισαγωγικά\"\", κόμμα; και |\"", tail: "9,16,2023-03-07,Thu 17:00|Tue 17:00,E1|E2,GR-A1-B|GR-A1-A") + Line("D2"));
        var exported = await service.As(Policies.Office).GetByteArrayAsync($"/api/programmes/export.csv?period={period}");

        Assert.StartsWith(Header, Encoding.UTF8.GetString(exported), StringComparison.Ordinal);
        Assert.Equal("0,0,2,0", (await (await service.Import(period, exported)).Body()).Counts());

        await service.PutPeriod($"{period}.Q");
        Assert.Equal(["2:code:", "3:code:"], (await (await service.Import($"{period}.Q", exported)).Body()).Faults());
    }
}
