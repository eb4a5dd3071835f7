using System.Net;
using EPimorfosi.Load;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.System.Tests;

[Collection(OneSystem.Name)]
public sealed class OneTrace(WholeSystem system)
{
    [Fact]
    public async Task From_the_request_to_the_email()
    {
        var period = new TestPeriod(system, "TRACE-1");
        await period.Prepare(1);
        var teacher = period.Teachers.Single();

        (await system.Client.Put($"/api/applications/{period.Code}", new { preferences = period.Programmes[..1], declarations = new { teachingNow = true } }, period[teacher])).Expect(HttpStatusCode.OK);

        await Until.True(() => Trace() is { } spans && Loose(spans).All(span => span.Service == "epimorfosi-gateway"),
            "a trace with the request and the e-mail, in which every span hangs on another but for the gateway's first", 60);
        var trace = Trace()!.ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"trace {trace[0].TraceId}:");
        foreach (var span in trace)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"  {span.Service}: {span.Name}");
        }
        Assert.Superset(new HashSet<string> { "epimorfosi-gateway", "epimorfosi-applications", "epimorfosi-notifications" }, trace.Select(span => span.Service).ToHashSet());
    }

    /// <summary>Spans whose parent is not there; a process exports its spans in its own time.</summary>
    static IEnumerable<TracedSpan> Loose(IEnumerable<TracedSpan> trace)
    {
        var ids = trace.Select(span => span.SpanId).ToHashSet();
        return trace.Where(span => !ids.Contains(span.ParentId));
    }

    IGrouping<string, TracedSpan>? Trace() => system.Traces.Spans.GroupBy(span => span.TraceId)
        .FirstOrDefault(trace => trace.Any(span => span.Service == "epimorfosi-gateway" && span.Name.StartsWith("PUT", StringComparison.Ordinal))
            && trace.Any(span => span.Service == "epimorfosi-notifications" && span.Name.Contains("email", StringComparison.OrdinalIgnoreCase)));
}
