namespace EPimorfosi.Contracts.Gateway;

/// <summary>An account was made without a password: its owner is sent a link to choose one.</summary>
[ConsumedBy("notifications")]
public record InvitationIssued(Guid Id, string UserName, string? RegistryNumber, string? Email, string Language, string Link, DateTimeOffset ExpiresAt);

/// <summary>The owner of an account asked for a link to choose a new password.</summary>
[ConsumedBy("notifications")]
public record PasswordForgotten(Guid Id, string UserName, string? RegistryNumber, string? Email, string Language, string Link, DateTimeOffset ExpiresAt);
