namespace EPimorfosi.Load;

/// <summary>The spans of one kind: how many, and how long they worked themselves, without what they waited for in the spans below them.</summary>
public sealed record SpanStage(string Service, string Name, int Count, TimeSpan Median, TimeSpan Late, TimeSpan Own);

/// <summary>The stages of a claim by the traces of those that were traced.</summary>
public static class SpanStages
{
    /// <returns>The slowest first, by their own time.</returns>
    public static List<SpanStage> Of(IEnumerable<TracedSpan> spans)
    {
        var claims = spans.GroupBy(span => span.TraceId).Where(trace => trace.Any(span => span.Name.StartsWith("POST", StringComparison.Ordinal) && span.Name.Contains("/api/claims", StringComparison.Ordinal)));
        var own = claims.SelectMany(trace =>
        {
            var below = trace.ToLookup(span => span.ParentId);
            return trace.Select(span => (span.Service, span.Name, span.Took, Own: span.Took - Covered(span, below[span.SpanId])));
        });
        return [.. own.GroupBy(span => (span.Service, span.Name)).Select(stage => new SpanStage(
            stage.Key.Service, stage.Key.Name, stage.Count(), At(stage.Select(span => span.Took), 0.5), At(stage.Select(span => span.Took), 0.95), At(stage.Select(span => span.Own), 0.5)))
            .OrderByDescending(stage => stage.Own)];
    }

    /// <summary>The time in which some span below was at work; what goes on after the span has ended is not its own.</summary>
    static TimeSpan Covered(TracedSpan span, IEnumerable<TracedSpan> below)
    {
        var (covered, until) = (TimeSpan.Zero, span.Start);
        foreach (var part in below.OrderBy(part => part.Start))
        {
            var (from, to) = (part.Start > until ? part.Start : until, part.Start + part.Took < span.Start + span.Took ? part.Start + part.Took : span.Start + span.Took);
            if (to > from)
            {
                (covered, until) = (covered + (to - from), to);
            }
        }
        return covered;
    }

    static TimeSpan At(IEnumerable<TimeSpan> times, double share) => times.Order().ToArray() is var sorted ? sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))] : default;
}
