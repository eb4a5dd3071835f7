namespace EPimorfosi.Contracts.Imports;

/// <summary>A file of the office was taken in, whole or its sound lines, and changed something; told by the service that it was for.</summary>
/// <param name="What"><c>programmes</c>, <c>teachers</c> or <c>applications</c>.</param>
/// <param name="By">The account's name.</param>
[ConsumedBy("notifications")]
public record ImportFinished(Guid Id, string What, string? Period, string By, int Created, int Updated, int Unchanged, int Rejected, DateTimeOffset At);
