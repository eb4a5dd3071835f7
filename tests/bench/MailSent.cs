using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Npgsql;

namespace EPimorfosi.Bench;

/// <summary>
/// Everybody's result by e-mail to a real catcher: the service as a process, with its database. The reference: a bare loop that sends the same bytes
/// over one open connection. The two take turns.
/// </summary>
static class MailSent
{
    const int Rounds = 3, Mails = 5000;
    const string Period = "B2-2023-2";

    public static async Task<IEnumerable<Row>> Run()
    {
        await using var catcher = await NativeMail.StartNewAsync();
        var database = await PostgresServer.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await StoreAll(database, source, catcher);
        using var service = await Start(database, (await Broker.NewVirtualHostAsync()).Amqp, catcher, workers: 2);
        List<double> ours = [], reference = [];
        List<long> memory = [];
        for (var round = 0; round < Rounds; round++)
        {
            var before = await Caught(catcher);
            ours.Add(Mails / (await Timed(() => SendRound(source, (round + 1) * Mails))).TotalSeconds);
            if (await Count(source, "select count(*) from messages where attempts > 1") is > 0 and var again)
            {
                throw new InvalidOperationException($"{again} messages had to be tried again.");
            }
            service.Refresh();
            memory.Add(service.WorkingSet64);
            var same = await Bytes(catcher, before);
            reference.Add(same.Count / (await Timed(() => Loop(catcher, same))).TotalSeconds);
        }
        service.Kill();
        return
        [
            Row.Rates($"{Rounds * Mails:N0} results by e-mail to a catcher, a second; reference: a bare MailKit loop with the same bytes over one connection", ours, reference, 0.70),
            Size($"memory of notifications, of 96 MiB of heap, after {Rounds * Mails:N0} e-mails; reference: after the first {Mails:N0}", memory[^1], memory[0], 1.15),
        ];
    }

    static Row Size(string name, long ours, long reference, double goal) =>
        new(name, $"{ours >> 20} MiB", $"{reference >> 20} MiB", Math.Round((double)ours / reference, 3), goal, (double)ours / reference <= goal);

    /// <summary>Taken in by a service that sends nothing, and made due round by round.</summary>
    static async Task StoreAll(string database, NpgsqlDataSource source, NativeMail catcher)
    {
        var bus = (await Broker.NewVirtualHostAsync()).Amqp;
        await using var probe = await BusProbe.Start(bus);
        using var service = await Start(database, bus, catcher, workers: 0);
        var day = new DateTimeOffset(2023, 1, 9, 6, 0, 0, TimeSpan.Zero);
        var period = new Period(Period, 1, new("2η περίοδος Β2", "2nd B2 period"), "B2", new(2023, 3, 6), new(2023, 6, 30), new(day, day), day, new(day, day), new(day, day), 10, 15, new());
        await Until.True(async () =>
        {
            await probe.Publish(new PeriodChanged(period));
            return await Count(source, "select count(*) from periods") == 1;
        }, "the service to hear", 60);
        string[] codes = [.. Enumerable.Range(1, 10).Select(n => $"ATH-{n:00}")];
        await probe.Publish(new ProgrammesPublished(Period, [.. codes.Select(code => new Programme(code, 1, "B2.4", "IIb", $"Φιλολογία {code}", "0501001", "1ο Γυμνάσιο Αθηνών", "GR-A1", [], 10, 15, null, []))]));
        foreach (var some in Enumerable.Range(1, Rounds * Mails).Chunk(500))
        {
            await probe.Publish(new TeachersChanged([.. some.Select(n => new Contact($"{n:000000}", 1, "Μαρία", "Παπαδοπούλου", $"teacher{n}@example.gr", null, "el"))]));
            await probe.Publish(new TicketsIssued(Period, [.. some.Select(n => new TicketHolder($"{n:D16}", $"{n:000000}"))]));
            await probe.Publish(new OutcomesDecided(Period, 1, [.. some.Select(n => new Outcome($"{n:D16}", n, codes[3], 4, false, [.. codes.Select((code, i) => new ChoiceOutcome(code, 1499, i < 3 ? 12 : null, 15, 40))]))]));
        }
        await Until.True(async () => await Count(source, "select count(*) from messages") == Rounds * Mails && await Count(source, "select count(*) from holders") == Rounds * Mails
            && await Count(source, "select count(*) from contacts") == Rounds * Mails, "all to be stored", 300);
        await Execute(source, "update messages set due_at = null");
        service.Kill();
        await service.WaitForExitAsync();
    }

    static async Task<Process> Start(string database, string bus, NativeMail catcher, int workers)
    {
        var port = NativeServer.FreePorts(1)[0];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EPimorfosi.Notifications.dll")]) { RedirectStandardOutput = true };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__Database"] = database,
            ["ConnectionStrings__Bus"] = bus,
            ["Smtp__Host"] = "127.0.0.1",
            ["Smtp__Port"] = $"{catcher.Smtp}",
            ["Sending__Workers"] = $"{workers}",
            ["DOTNET_GCHeapHardLimit"] = "0x6000000",
        })
        {
            start.Environment[key] = value;
        }
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var http = new HttpClient();
        await Until.True(async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "notifications to be ready", 60);
        return process;
    }

    static async Task SendRound(NpgsqlDataSource source, int sent)
    {
        await Execute(source, $"update messages set due_at = now() where id in (select id from messages where state = 'Pending' order by id limit {Mails})");
        while (await Count(source, "select count(*) from messages where state = 'Sent'") < sent)
        {
            await Task.Delay(250); // to look costs the same two cores
        }
    }

    static async Task Loop(NativeMail catcher, List<MimeMessage> mails)
    {
        using var client = new SmtpClient();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", catcher.Smtp);
        await client.ConnectAsync(socket, "127.0.0.1", catcher.Smtp, SecureSocketOptions.None);
        foreach (var mail in mails)
        {
            await client.SendAsync(mail);
        }
    }

    static async Task<TimeSpan> Timed(Func<Task> act)
    {
        var started = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(started);
    }

    static async Task<int> Caught(NativeMail catcher) => (await List(catcher, 0, 1)).GetProperty("storeTotal").GetInt32();

    /// <summary>What the service sent, as it arrived.</summary>
    static async Task<List<MimeMessage>> Bytes(NativeMail catcher, int skip)
    {
        using var http = new HttpClient { BaseAddress = catcher.Web };
        var mails = new List<MimeMessage>();
        while (mails.Count < Mails)
        {
            foreach (var item in (await List(catcher, skip + mails.Count, 200)).GetProperty("items").EnumerateArray())
            {
                using var bytes = new MemoryStream(await http.GetByteArrayAsync(new Uri($"/api/email/{item.GetProperty("id").GetString()}/source", UriKind.Relative)));
                mails.Add(await MimeMessage.LoadAsync(bytes));
            }
        }
        return mails;
    }

    static async Task<JsonElement> List(NativeMail catcher, int skip, int limit)
    {
        using var http = new HttpClient { BaseAddress = catcher.Web };
        return await http.GetFromJsonAsync<JsonElement>(new Uri($"/api/email/summary?sort=asc&skip={skip}&limit={limit}", UriKind.Relative));
    }

    static async Task<long> Count(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task Execute(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
