using System.Net.Http.Json;
using System.Text.Json;
using EPimorfosi.Tests.Servers;
using Npgsql;

namespace EPimorfosi.Notifications.Tests;

/// <summary>The service running with a mail server of the test's own.</summary>
public sealed class PostOffice : IAsyncDisposable
{
    PostOffice(ServiceUnderTest<Program> service, SmtpPeer smtp) => (Service, Smtp) = (service, smtp);

    public ServiceUnderTest<Program> Service { get; }
    public SmtpPeer Smtp { get; }

    public static async Task<PostOffice> Open(SmtpPeer? smtp = null, params (string Key, string Value)[] more)
    {
        smtp ??= SmtpPeer.Start();
        var settings = new Dictionary<string, string>
        {
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = $"{smtp.Port}",
            ["Smtp:From"] = "ePimorfosi <no-reply@epimorfosi.example>",
            ["PublicAddress"] = "https://epimorfosi.example",
            ["Sending:Poll"] = "00:00:00.050",
            ["Sending:Retry"] = "00:00:00.200",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }
        return new(await ServiceUnderTest<Program>.Start(settings: settings), smtp);
    }

    public async Task Tell(params object[] events)
    {
        foreach (var message in events)
        {
            await Service.Bus.Publish(message);
        }
    }

    /// <summary>The period, its programmes, and teachers with tickets.</summary>
    public Task TellBasics(params int[] teachers) =>
        Tell(Given.PeriodChanged, Given.ProgrammesPublished, Given.Contacts(teachers), Given.Holders(teachers));

    public Task UntilMails(int count, int seconds = 30) => Until.True(() => Smtp.Mails.Count >= count, $"{count} mails; there are {Smtp.Mails.Count}", seconds);

    /// <summary>Each announcement that is due has its messages.</summary>
    public Task UntilMailed() => Until.True(async () => (long)(await Scalar("select count(*) from announcements where by_mail and mailed_at is null"))! == 0, "the announcements to be mailed");

    /// <summary>How many messages are in each state.</summary>
    public async Task<int> Count(string state) =>
        (int)(long)(await Scalar($"select count(*) from messages where state = '{state}'"))!;

    public Task UntilCount(string state, int count, int seconds = 30) => Until.True(async () => await Count(state) == count, $"{count} messages {state}", seconds);

    /// <summary>All deliveries of the bus are taken in, and nothing is left to send.</summary>
    public Task UntilQuiet(int deliveries, int seconds = 30) => Until.True(
        async () => (long)(await Scalar("select count(*) from inbox"))! >= deliveries && (long)(await Scalar("select count(*) from messages where due_at is not null"))! == 0,
        $"{deliveries} deliveries taken in and all sent", seconds);

    public async Task<object?> Scalar(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Service.Database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async Task<IReadOnlyList<string>> Column(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Service.Database);
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await rows.ReadAsync())
        {
            values.Add(rows.GetString(0));
        }
        return values;
    }

    public Task<JsonElement> Get(string path) => Service.As("office").GetFromJsonAsync<JsonElement>(path);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}
