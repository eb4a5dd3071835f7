using System.Text.Json;
using CsCheck;
using EPimorfosi.Allocation.Draws;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Allocation.Tests;

/// <summary>R19: what each teacher is told of each choice is true of the draw.</summary>
public sealed class InsightExplanationTests(ServiceFixture<Program> fixture) : IClassFixture<ServiceFixture<Program>>
{
    [Fact]
    public void A_choice_is_missed_exactly_by_who_comes_after_its_last_seat() => Instances.Draws.Sample(instance => // I5, I6
    {
        var (book, result) = (instance.Book(), Draw.Run(instance.Book(), instance.Seed));
        foreach (var (index, application) in result.Order.Index())
        {
            var (place, got, list) = (index + 1, result.Rank(application), book.Choices(application).ToArray());
            foreach (var (rank, programme) in list.Index().Select(choice => (choice.Index + 1, choice.Item)))
            {
                var missed = got == 0 || rank < got;
                var full = result.CutOff[programme] > 0 && place > result.CutOff[programme];
                Assert.True(missed ? full : rank > got || !full, $"{place}: choice {rank} of {list.Length}, got {got}, last seat {result.CutOff[programme]}");
                Assert.Equal(missed, result.RunnerUpOf(application)[rank - 1] > 0);
                if (missed)
                {
                    Assert.Equal(instance.Programmes[programme].Maximum, result.Members[programme]); // "the last of the 15 seats"
                    Assert.InRange(result.RunnerUpOf(application)[rank - 1], 1, result.RunnersUp[programme]); // "the 9th of 23"
                }
            }
        }
    });

    [Fact]
    public async Task What_is_told_by_ticket_can_be_read_off_the_public_results()
    {
        var stage = await new Stage(fixture.Service).PublishResults();
        var results = (await (await stage.Get("/results.txt")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n')[1..^1].Select(line => line.Split('|')).ToList();
        foreach (var result in results)
        {
            var told = await Stage.Ok(stage.Get($"/tickets/{result[1]}"));
            Assert.Equal(result[0], told.GetProperty("place").GetRawText());
            foreach (var choice in told.GetProperty("choices").EnumerateArray())
            {
                var members = results.Where(other => other[2] == choice.GetProperty("programme").GetString()).ToList();
                Assert.Equal(members.Count, choice.GetProperty("members").GetInt32());
                Assert.Equal(members.Count == 6 ? members[^1][0] : null, choice.GetProperty("cutOff").Deserialize<int?>()?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
