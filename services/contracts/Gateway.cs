namespace EPimorfosi.Contracts.Gateway;

/// <summary>
/// Accounts that are more than a teacher's, or were until now, were made or changed: at most 500 a message, each whole; the highest version of each wins. Of teachers it is applications
/// that tells.
/// </summary>
[ConsumedBy("notifications")]
public record AccountsChanged(IReadOnlyList<AccountOwner> Accounts);

/// <param name="Roles">What it is now: of <c>teacher</c>, <c>centre</c>, <c>trainer</c>, <c>office</c>, <c>auditor</c>.</param>
/// <param name="Centre">School code of the centre it acts for.</param>
/// <param name="Email">Null for an account without an address of its own; the registry number may lead to one.</param>
public record AccountOwner(Guid Id, int Version, string UserName, IReadOnlyList<string> Roles, string? RegistryNumber, string? Centre, string? Email);

/// <summary>An account was made without a password: its owner is sent a link to choose one.</summary>
[ConsumedBy("notifications")]
public record InvitationIssued(Guid Id, string UserName, string? RegistryNumber, string? Email, string Language, string Link, DateTimeOffset ExpiresAt);

/// <summary>The owner of an account asked for a link to choose a new password.</summary>
[ConsumedBy("notifications")]
public record PasswordForgotten(Guid Id, string UserName, string? RegistryNumber, string? Email, string Language, string Link, DateTimeOffset ExpiresAt);
