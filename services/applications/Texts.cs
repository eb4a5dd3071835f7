namespace EPimorfosi.Applications;

/// <summary>The texts for people: Greek first (<c>Texts.resx</c>), English (<c>Texts.en.resx</c>).</summary>
public sealed class Texts;
