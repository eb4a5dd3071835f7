using System.Text.RegularExpressions;
using System.Xml.Linq;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Gateway.Tests;

/// <summary>Texts for people: each in Greek and in English, with the same places to fill in, and none that a page asks for is missing.</summary>
public sealed partial class TextTests
{
    public static TheoryData<string> Owners => ["gateway", "services/applications", "services/allocation", "services/programmes", "services/notifications", "services/defaults"];

    [Theory, MemberData(nameof(Owners))]
    public void Both_languages_have_the_same_texts(string owner)
    {
        var (greek, english) = (Texts(owner, "Texts.resx"), Texts(owner, "Texts.en.resx"));
        Assert.Equal(greek.Keys.Order(), english.Keys.Order());
        Assert.All(greek, text => Assert.True(Places(text.Value).SetEquals(Places(english[text.Key])), $"{text.Key}: {text.Value} / {english[text.Key]}"));
        Assert.All(english.Values.Concat(greek.Values), value => Assert.False(string.IsNullOrEmpty(value)));
    }

    [Fact]
    public void No_text_that_a_page_asks_for_is_missing()
    {
        var known = Texts("gateway", "Texts.resx").Keys;
        var sources = new[] { "*.razor", "*.cs" }.SelectMany(kind => Directory.EnumerateFiles(ProjectRoot.Combine("gateway"), kind, SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/node_modules/", StringComparison.Ordinal)).Select(File.ReadAllText).ToArray();
        Assert.Empty(sources.SelectMany(source => Asked().Matches(source).Select(match => match.Groups[1].Value)).Distinct().Except(known));
        Assert.All(sources.SelectMany(source => Made().Matches(source).Select(match => match.Groups[1].Value)).Distinct(),
            beginning => Assert.Contains(known, key => key.StartsWith(beginning, StringComparison.Ordinal)));
    }

    static Dictionary<string, string> Texts(string owner, string file) =>
        XDocument.Load(ProjectRoot.Combine([.. owner.Split('/'), file])).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("""[Tt]ext\["([^"]+)"[\],]""")]
    private static partial Regex Asked();

    [GeneratedRegex("""[Tt]ext\[\$"([^"{]+)\{""")]
    private static partial Regex Made();

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Place();
}
