using EPimorfosi.Contracts;

namespace EPimorfosi.Notifications.News;

/// <summary>Συχνή ερώτηση: a question that is often asked, with its answer in Markdown (R29).</summary>
public class FaqEntry
{
    public required Guid Id { get; init; }
    public required string Category { get; set; }
    public required LocalText Question { get; set; }
    public required LocalText Answer { get; set; }
    public int Position { get; set; }
    public bool Published { get; set; } = true;

    /// <summary>From 1; older ones are kept as <see cref="NewsVersion"/>.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Readers who said that it helped, and that it did not.</summary>
    public int Helped { get; set; }
    public int NotHelped { get; set; }
}

/// <summary>Which entries answer what somebody types. Nothing is read here.</summary>
public static class FaqSearch
{
    const int InQuestion = 5, InAnswer = 2, Ending = 2, Stem = 5;

    /// <summary>Best first; without a word, all in their own order. An entry must have every word, or most of a long text.</summary>
    public static IReadOnlyList<FaqEntry> Find(IEnumerable<FaqEntry> entries, string? text)
    {
        var words = Folded.Words(text ?? "");
        var all = entries.OrderBy(e => e.Position).ThenBy(e => e.Id);
        return words.Count == 0 ? [.. all] : [.. all.Select(e => (Entry: e, Score: Score(e, words))).Where(s => s.Score > 0).OrderByDescending(s => s.Score).Select(s => s.Entry)];
    }

    static int Score(FaqEntry entry, IReadOnlyList<string> words)
    {
        var question = Folded.Of($"{entry.Question.El} {entry.Question.En}");
        var answer = Folded.Of($"{entry.Answer.El} {entry.Answer.En} {entry.Category}");
        var scores = words.Select(w => Score(question, w) * InQuestion + Score(answer, w) * InAnswer).ToList();
        var missing = scores.Count(s => s == 0);
        return missing == 0 || (words.Count > 3 && missing * 2 <= words.Count) ? scores.Sum() : 0;
    }

    /// <summary>The word itself counts double; Greek changes endings, so a long word is also found without its last letters.</summary>
    static int Score(string text, string word) => text.Contains(word, StringComparison.Ordinal) ? 2
        : word.Length >= Stem + Ending && text.Contains(word[..^Ending], StringComparison.Ordinal) ? 1 : 0;
}
