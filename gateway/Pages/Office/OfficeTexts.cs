namespace EPimorfosi.Gateway.Pages.Office;

/// <summary>The texts of the office's pages.</summary>
public sealed class OfficeTexts;
