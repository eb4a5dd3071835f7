namespace EPimorfosi.Notifications;

/// <summary>The texts of this service: Greek in <c>Texts.resx</c>, English in <c>Texts.en.resx</c>.</summary>
public sealed class Texts;
