namespace EPimorfosi.Gateway;

/// <summary>The texts of the gateway and its pages, in <c>Texts.resx</c> (Greek) and <c>Texts.en.resx</c>.</summary>
public sealed class Texts;
