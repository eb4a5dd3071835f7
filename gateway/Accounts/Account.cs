using EPimorfosi.Contracts.Gateway;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Identity;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>Λογαριασμός: who may sign in, and as what.</summary>
public class Account : IdentityUser<Guid>
{
    public Account() => Id = Guid.CreateVersion7();

    /// <summary>Of <see cref="Defaults.Policies.Roles"/>.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>A teacher's, or a trainer's, registry number.</summary>
    public string? RegistryNumber { get; set; }

    /// <summary>School code of the centre the account acts for.</summary>
    public string? Centre { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a link for a new password was last sent.</summary>
    public DateTimeOffset? LetterAt { get; set; }

    /// <summary>Grows with each change that others are told; 0 while they have been told nothing.</summary>
    public int Version { get; set; }

    /// <summary>Those are told to others (<see cref="AccountsChanged"/>): of teachers applications tells.</summary>
    public bool IsMoreThanATeachers => Roles.Any(role => role != Policies.Teacher);

    public AccountOwner ToContract() => new(Id, Version, UserName!, Roles, RegistryNumber, Centre, Email);
}
