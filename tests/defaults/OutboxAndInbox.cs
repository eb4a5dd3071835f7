using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using EPimorfosi.Trial;
using Npgsql;

namespace EPimorfosi.Defaults.Tests;

public sealed class OutboxAndInbox(ServiceFixture<TrialService> fixture) : IClassFixture<ServiceFixture<TrialService>>
{
    readonly ServiceUnderTest<TrialService> service = fixture.Service;

    [Fact]
    public async Task What_is_committed_is_told()
    {
        (await service.As(Policies.Office).PostAsync("/said?word=yes", null)).EnsureSuccessStatusCode();

        await service.Bus.Next<SchoolsPublished>(message => message.Schools[0].Code == "yes");
        await Until.True(async () => await Count("outbox where fault is null") == 0, "the outbox to be emptied");
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_told()
    {
        var refused = await service.As(Policies.Office).PostAsync("/said?word=no", null);
        (await service.As(Policies.Office).PostAsync("/said?word=after", null)).EnsureSuccessStatusCode();

        Assert.Equal(500, (int)refused.StatusCode);
        await service.Bus.Next<SchoolsPublished>(message => message.Schools[0].Code == "after");
        Assert.DoesNotContain(service.Bus.Heard<SchoolsPublished>(), message => message.Schools[0].Code == "no");
    }

    [Fact]
    public async Task The_same_message_twice_is_consumed_once()
    {
        var id = Guid.NewGuid();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await service.Bus.Publish(new PublishProgrammesAgain("once"), id);
        }
        await service.Bus.Publish(new PublishProgrammesAgain("last"));

        await service.Bus.Next<ProgrammesFrozen>(message => message.Period == "last");
        await service.Bus.Next<ProgrammesFrozen>(message => message.Period == "once");
        await Until.True(async () => await Count("words where text in ('once', 'last')") == 2, "both messages to be taken in");
        Assert.Equal(1, await Count("words where text = 'once'"));
        Assert.Single(service.Bus.Heard<ProgrammesFrozen>(), message => message.Period == "once");
    }

    [Fact]
    public async Task A_consumer_that_fails_leaves_nothing_and_is_tried_again()
    {
        await service.Bus.Publish(new PublishProgrammesAgain("twice"));

        await service.Bus.Next<ProgrammesFrozen>(message => message.Period == "twice");
        Assert.Equal(1, await Count("words where text = 'twice'"));
    }

    [Fact]
    public async Task A_row_that_can_never_be_sent_holds_nobody_up()
    {
        await using var source = NpgsqlDataSource.Create(service.Database);
        await using var insert = source.CreateCommand("insert into outbox values ('00000000-0000-0000-0000-000000000001', 'No.Such.Message', '{}', null, now())");
        await insert.ExecuteNonQueryAsync();

        (await service.As(Policies.Office).PostAsync("/said?word=behind", null)).EnsureSuccessStatusCode();

        await service.Bus.Next<SchoolsPublished>(message => message.Schools[0].Code == "behind");
        Assert.Equal(1, await Count("outbox where fault is not null"));
    }

    [Fact]
    public async Task Two_replicas_send_each_message_once()
    {
        await using var second = await service.Again();
        var clients = new[] { service.As(Policies.Office), second.As(Policies.Office) };

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number => (await clients[number % 2].PostAsync($"/said?word=w{number}", null)).EnsureSuccessStatusCode()));

        await Until.True(() => Heard().Distinct().Count() == 200, "200 messages");
        await Until.True(async () => await Count("outbox where fault is null") == 0, "the outbox to be emptied");
        Assert.Equal(200, Heard().Count());

        IEnumerable<string> Heard() => service.Bus.Heard<SchoolsPublished>().Select(message => message.Schools[0].Code).Where(code => code.StartsWith('w'));
    }

    async Task<long> Count(string what)
    {
        await using var connection = new NpgsqlConnection(service.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select count(*) from {what}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
