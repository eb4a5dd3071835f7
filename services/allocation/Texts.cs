namespace EPimorfosi.Allocation;

/// <summary>The service's texts for people: <c>Texts.resx</c> in Greek, <c>Texts.en.resx</c> in English.</summary>
public sealed class Texts;
