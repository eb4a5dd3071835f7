using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using EPimorfosi.Trial;
using Npgsql;

namespace EPimorfosi.Defaults.Tests;

public sealed class BrokerAway
{
    /// <summary>With messages on their way as it stops, for it is those whose confirmation never comes.</summary>
    [Fact]
    public async Task What_was_said_while_RabbitMQ_stopped_and_started_is_told()
    {
        await using var broker = await NativeBroker.StartNewAsync();
        await using var service = await ServiceUnderTest<TrialService>.Start(broker: await broker.NewVirtualHostAsync());
        using var client = service.As(Policies.Office);
        using var enough = new CancellationTokenSource();
        var talk = Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                (await client.PostAsync("/said?word=yes", null)).EnsureSuccessStatusCode();
                await Task.Delay(10);
            }
        }));

        await Task.Delay(500);
        await broker.StopAsync();
        await broker.StartAsync();
        await enough.CancelAsync();
        await talk;

        await Until.True(async () => await Count(service, "outbox") == 0, "the outbox to be emptied", 120);
        await service.Bus.Publish(new PublishProgrammesAgain("back"));
        await Until.True(async () => await Count(service, "words where text = 'back'") == 1, "what came after to be heard", 120);
    }

    static async Task<long> Count(ServiceUnderTest<TrialService> service, string what)
    {
        await using var connection = new NpgsqlConnection(service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select count(*) from {what}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
