using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The texts for people: Greek first (<c>Texts.resx</c>), English (<c>Texts.en.resx</c>).</summary>
public sealed class Texts;

/// <summary>What is wrong with a value that somebody gave, in no language yet.</summary>
/// <param name="Field">The field of a form, or the column of a file; null for the whole.</param>
/// <param name="Rule">Such as R3; null where it is a matter of form.</param>
/// <param name="Text">Name of the text.</param>
public sealed record Fault(string? Field, string? Rule, string Text, params object[] Values)
{
    public string In(IStringLocalizer<Texts> text) => text[$"Fault.{Text}", Values];
}
