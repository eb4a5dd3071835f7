using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Applications.Tests;

/// <summary>150,000 applications of 10 rows into the service as a process of its own: it measures and asserts no time. Run with <c>-explicit only</c>.</summary>
public sealed class LargeImport(ITestOutputHelper output)
{
    const string P = "B2-LARGE";

    [Fact(Explicit = true)]
    public async Task A_hundred_and_fifty_thousand_applications_come_in_without_growing_memory()
    {
        var teachers = int.Parse(Environment.GetEnvironmentVariable("EPIMORFOSI_LARGE") ?? "150000", CultureInfo.InvariantCulture);
        var database = await PostgresServer.NewDatabaseAsync();
        await using var host = await Broker.NewVirtualHostAsync();
        var bus = host.Amqp;
        await using var issuer = await TokenIssuer.Start();
        await using var probe = await BusProbe.Start(bus);
        var address = $"http://127.0.0.1:{FreePort()}";
        using var service = Process.Start(new ProcessStartInfo("dotnet", Path.Combine(ProjectRoot.Path, "services/applications/bin/Debug/net10.0/EPimorfosi.Applications.dll"))
        {
            Environment =
            {
                ["ConnectionStrings__Database"] = database, ["ConnectionStrings__Bus"] = bus, ["Tokens__Jwks"] = issuer.Jwks,
                ["ASPNETCORE_URLS"] = address, ["Logging__LogLevel__Default"] = "Warning",
                ["DOTNET_GCHeapHardLimit"] = Environment.GetEnvironmentVariable("EPIMORFOSI_HEAP") ?? "0x6000000", // 96 MiB for all it keeps: a file of any size must do
            },
        })!;
        try
        {
            using var office = new HttpClient { BaseAddress = new(address), Timeout = TimeSpan.FromMinutes(10) };
            office.DefaultRequestHeaders.Authorization = new("Bearer", issuer.Token("office", [Policies.Office], lifetime: TimeSpan.FromHours(1)));
            await Until.True(async () => await Ready(office), "the service", 60);
            await Publish(probe, database);
            Tell(service, "at rest");
            await Import(office, "/api/teachers/import", "registry_number,first_name,last_name,email,mobile,specialty,schools,language,teaching_now,b1_certified,prior_b_level,prior_pake,prior_b2",
                Enumerable.Range(0, teachers).Select(number => $"{100000 + number},Μαρία,Νικολάου,t{number}@sch.gr,,ΠΕ02,9010001,el,true,true,false,false,false"), service);
            var rows = Enumerable.Range(0, teachers).SelectMany(number => Enumerable.Range(1, 10).Select(rank => $"{100000 + number},{rank},{Code((number * 7 + rank * 13) % 300)}"));
            await Import(office, $"/api/applications/import?period={P}", "registry_number,rank,programme", rows, service);
            await Import(office, $"/api/applications/import?period={P}", "registry_number,rank,programme", rows, service);
            await Until.True(() => probe.Heard<ApplicationsReceived>().Sum(message => message.Applications.Count) == teachers, "all applications on the bus", 120);
            output.WriteLine($"all {teachers} heard on the bus");
            await probe.Publish(new PeriodChanged(Period(2, DateTimeOffset.UtcNow)));
            var watch = Stopwatch.StartNew();
            var frozen = await probe.Next<ApplicationsFrozen>(seconds: 60);
            output.WriteLine($"frozen: {frozen.Count}, {frozen.Sha256}, after {watch.Elapsed.TotalSeconds:0.0} s");
            Assert.Equal(teachers, frozen.Count);
            Tell(service, "at the end");
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
    }

    async Task Import(HttpClient office, string address, string header, IEnumerable<string> rows, Process service)
    {
        var path = Path.GetTempFileName();
        await using (var file = new StreamWriter(path, false, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            await file.WriteLineAsync(header);
            foreach (var row in rows)
            {
                await file.WriteLineAsync(row);
            }
        }
        var size = new FileInfo(path).Length / 1048576.0;
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose);
        using var content = new StreamContent(stream) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var watch = Stopwatch.StartNew();
        var answer = await office.PostAsync(address, content);
        var text = await answer.Content.ReadAsStringAsync();
        Tell(service, string.Create(CultureInfo.InvariantCulture, $"{address.Split('?')[0]} {size:0.0} MiB: {watch.Elapsed.TotalSeconds:0.0} s, {(int)answer.StatusCode} {text[..Math.Min(text.Length, 200)]}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    void Tell(Process service, string what)
    {
        var peak = File.ReadLines($"/proc/{service.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        output.WriteLine($"{what} · {peak}");
        Console.WriteLine($"{what} · {peak}");
    }

    static string Code(int number) => $"P-{number:000}";

    static Period Period(int version, DateTimeOffset closes) => Scene.Period with
    {
        Code = P,
        Version = version,
        PhaseA = new(DateTimeOffset.UtcNow.AddHours(-1), closes),
    };

    static async Task Publish(BusProbe probe, string database)
    {
        await probe.Publish(new PeriodChanged(Period(1, DateTimeOffset.UtcNow.AddHours(2))));
        await probe.Publish(new ProgrammesPublished(P, [.. Enumerable.Range(0, 300).Select(number => EligibilityTable.Programme(Code(number), category: "IIb"))]));
        await probe.Publish(new SchoolsPublished([new("9010001", "1ο Γυμνάσιο", "GR-01", "GR-01")]));
        await probe.Publish(new SpecialtiesPublished([new("ΠΕ02", "Φιλόλογοι", "B2.1", null)]));
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select (select count(*) from programmes) = 300 and exists (select from schools) and exists (select from specialties) and exists (select from periods)", connection);
        await Until.True(async () => (bool)(await command.ExecuteScalarAsync())!, "the reference data");
    }

    static async Task<bool> Ready(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
