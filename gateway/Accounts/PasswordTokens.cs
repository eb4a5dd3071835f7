using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>The secret in the link of who forgot the password. It ends with its first use, for the account's stamp then changes.</summary>
sealed class PasswordTokens(IDataProtectionProvider protection, IOptions<PasswordTokens.Validity> options, ILogger<DataProtectorTokenProvider<Account>> log)
    : DataProtectorTokenProvider<Account>(protection, options, log)
{
    internal const string Provider = "password";

    internal sealed class Validity : DataProtectionTokenProviderOptions
    {
        public Validity() => Name = Provider;
    }

    internal static Task<bool> Holds(UserManager<Account> accounts, Account account, string? token) =>
        accounts.VerifyUserTokenAsync(account, Provider, UserManager<Account>.ResetPasswordTokenPurpose, token ?? "");
}
