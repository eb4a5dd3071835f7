using System.Net;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using Npgsql;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

public sealed class CatalogueTests(CatalogueTests.Filled filled) : IClassFixture<CatalogueTests.Filled>
{
    public sealed class Filled : IAsyncLifetime
    {
        public ServiceUnderTest<Program> Service { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Service = await Open(Before);
            await Service.PutPeriod("P");
            var athens = (string)(await Service.Read("/api/reference/schools?prefecture=GR-A1-A&pageSize=1"))["items"]![0]!["code"]!;
            await Service.Import("P", Header + Line("A1", "IIa") + Line("A2", cluster: "B2.1", title: "Φιλολογικά: «Οι Λέξεις»") + Line("A3", centre: athens));
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    readonly ServiceUnderTest<Program> service = filled.Service;

    [Theory]
    [InlineData("", "A1,A2,A3")]
    [InlineData("&cluster=B2.4", "A1,A3")]
    [InlineData("&category=IIa", "A1")]
    [InlineData("&prefecture=GR-A1-A", "A3")]
    [InlineData("&prefecture=GR-A1", "A3")]
    [InlineData("&centre=9010001", "A1,A2")]
    [InlineData("&q=λεξεις", "A2")]
    [InlineData("&q=ΦΙΛΟΛΟΓΙΚΆ", "A2")]
    [InlineData("&q=αγρίνιο", "A1,A2")]
    [InlineData("&q=a3", "A3")]
    [InlineData("&q=%25", "")]
    [InlineData("&cluster=B2.4&category=IIb", "A3")]
    [InlineData("&page=2&pageSize=2", "A3")]
    [InlineData("&page=-1&pageSize=1", "A1")]
    [InlineData("&page=1000000000&pageSize=1000000", "")]
    public async Task The_catalogue_is_filtered_and_paged(string filter, string codes)
    {
        var found = await service.Read($"/api/programmes?period=P{filter}");
        Assert.Equal(codes, string.Join(',', found["items"]!.AsArray().Select(programme => (string)programme!["code"]!)));
    }

    [Fact]
    public async Task A_programme_is_shown_with_the_dates_of_its_timetable_and_without_its_trainers()
    {
        var programme = await service.Read("/api/programmes/A1");

        Assert.Equal(20, programme["timetable"]!.AsArray().Count);
        Assert.Equal("""{"number":1,"week":1,"date":"2023-03-07","from":"17:00:00","kind":"Session","liveHours":2,"asynchronousHours":1,"faceToFace":true,"hours":3}""", programme["timetable"]![0]!.ToJsonString());
        Assert.Equal("""["GR-01"]""", programme["nomoi"]!.ToJsonString());
        Assert.Null(programme["trainers"]);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Anyone().GetAsync("/api/programmes/NONE")).StatusCode);
    }

    [Theory]
    [InlineData("/api/programmes?period=P")]
    [InlineData("/api/programmes")]
    [InlineData("/api/programmes/A1")]
    public async Task Who_has_the_catalogue_is_told_so_until_it_changes(string path)
    {
        var tag = (await service.Anyone().GetAsync(path)).Headers.ETag!;
        async Task<HttpStatusCode> Again()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } };
            return (await service.Anyone().SendAsync(request)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotModified, await Again());
        await service.Import("P", Header + Line("A1", "IIa", title: $"Νέος τίτλος {Random.Shared.Next(1000, int.MaxValue)}"));
        Assert.Equal(HttpStatusCode.OK, await Again());
    }

    [Theory]
    [InlineData("clusters", 13)]
    [InlineData("specialties", 268)]
    [InlineData("prefectures", 59)]
    [InlineData("schools", 12792)]
    [InlineData("clusters?q=πληροφορικη", 1)]
    [InlineData("prefectures?q=αττικης", 7)]
    [InlineData("prefectures?q=athens", 4)]
    [InlineData("schools?prefecture=GR-A1-PIR", 358)]
    [InlineData("schools?prefecture=GR-A1", 2635)]
    public async Task Reference_data_is_public_and_searched_without_accents(string path, int total) =>
        Assert.Equal(total, (int)(await service.Read($"/api/reference/{path}"))["total"]!);

    [Theory]
    [InlineData("ΠΕ86.ΕΑΕ", "B2.4")]
    [InlineData("ΠΕ61", "B2.6")]
    [InlineData("ΠΕ71", "B2.5")]
    [InlineData("ΠΕ11.01", "B2.9")]
    [InlineData("ΠΕ86", null)]
    public async Task Special_education_has_the_main_cluster_that_its_code_tells(string code, string? main)
    {
        var specialties = (await service.Read("/api/reference/specialties"))["items"]!.AsArray();
        Assert.Equal(main, (string?)specialties.Single(specialty => (string?)specialty!["code"] == code)!["mainCluster"]);
    }

    [Fact]
    public async Task Reference_data_is_loaded_and_told_once_by_whichever_replica()
    {
        await using var source = NpgsqlDataSource.Create(service.Database);
        await Until.True(async () => await source.CreateCommand("select not exists (select from outbox)").ExecuteScalarAsync() is true, "the first start's messages");
        var (before, schoolsBefore) = (service.Bus.Heard<SpecialtiesPublished>().Count, service.Bus.Heard<SchoolsPublished>().Count);
        await using (var replica = await service.Again())
        {
            await Task.Delay(1500); // the same files: nothing new to say
            Assert.Equal((before, schoolsBefore), (service.Bus.Heard<SpecialtiesPublished>().Count, service.Bus.Heard<SchoolsPublished>().Count));
        }
        await source.CreateCommand("update reference_edition set digest = 'of other files'; delete from schools where code < '902'").ExecuteNonQueryAsync();
        var replicas = await Task.WhenAll(service.Again(), service.Again(), service.Again());
        await Until.True(() => service.Bus.Heard<SchoolsPublished>().Skip(schoolsBefore).Sum(message => message.Schools.Count) == 12792, "all schools");
        await Task.Delay(1500); // a second replica would have said it by now

        Assert.Equal(before + 1, service.Bus.Heard<SpecialtiesPublished>().Count);
        Assert.Equal(schoolsBefore + 13, service.Bus.Heard<SchoolsPublished>().Count);
        Assert.Equal(12792, (int)(await service.Read("/api/reference/schools"))["total"]!);
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }
}
