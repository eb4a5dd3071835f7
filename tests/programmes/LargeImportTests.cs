using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

/// <summary>A catalogue as large as the country's, in one file.</summary>
public sealed class LargeImportTests
{
    [Fact]
    public async Task Fifteen_hundred_programmes_come_in_at_once_and_are_told_in_batches()
    {
        await using var service = await Open(Before);
        await service.PutPeriod("P");
        var file = Header + string.Concat(Enumerable.Range(0, 1500).Select(number => Line($"N{number:0000}", number % 2 == 0 ? "IIa" : "IIb")));
        Assert.Equal("1500,0,0,0", (await (await service.Import("P", file)).Body()).Counts());
        await Until.True(() => service.Bus.Heard<ProgrammesPublished>().Sum(message => message.Programmes.Count) == 1500, "all of them published", 60);
        Assert.All(service.Bus.Heard<ProgrammesPublished>(), message => Assert.InRange(message.Programmes.Count, 1, 500));
    }
}
