namespace EPimorfosi.Gateway.Pages.News;

/// <summary>The texts of these pages.</summary>
sealed class NewsTexts;
