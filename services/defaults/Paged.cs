namespace EPimorfosi.Defaults;

/// <summary>One page of a list.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Total">Length of the whole list.</param>
public record Paged<T>(IReadOnlyList<T> Items, int Page, int PageSize, long Total);
