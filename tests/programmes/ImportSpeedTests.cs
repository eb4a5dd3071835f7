using System.Diagnostics;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Tests.Servers;
using static EPimorfosi.Programmes.Tests.Office;

namespace EPimorfosi.Programmes.Tests;

/// <summary>Runs alone in its process, so that its processor time is the import's.</summary>
[Collection(nameof(ImportSpeedTests))]
[CollectionDefinition(nameof(ImportSpeedTests), DisableParallelization = true)]
public sealed class ImportSpeedTests
{
    [Fact]
    public async Task Fifteen_hundred_programmes_take_less_than_two_seconds_of_work()
    {
        await using var service = await Open(Before);
        await service.PutPeriod("P");
        await service.Import("P", Header + Line("WARM"));
        var file = Header + string.Concat(Enumerable.Range(0, 1500).Select(number => Line($"N{number:0000}", number % 2 == 0 ? "IIa" : "IIb")));

        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var report = await (await service.Import("P", file)).Body();
        var (wall, processor) = (watch.Elapsed, Environment.CpuUsage.TotalTime - before); // by the clock it depends on what else the machine does

        TestContext.Current.TestOutputHelper?.WriteLine($"1,500 programmes: {wall.TotalMilliseconds:0} ms, of which processor {processor.TotalMilliseconds:0} ms");
        Assert.Equal("1500,0,0,0", report.Counts());
        Assert.True(processor < TimeSpan.FromSeconds(2), $"It took {processor} of processor time, {wall} by the clock.");
        await Until.True(() => service.Bus.Heard<ProgrammesPublished>().Sum(message => message.Programmes.Count) == 1501, "all of them published", 60);
        Assert.All(service.Bus.Heard<ProgrammesPublished>(), message => Assert.InRange(message.Programmes.Count, 1, 500));
    }
}
