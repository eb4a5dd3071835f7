using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>The secret in an invitation's link. It ends with its first use, for the account's stamp then changes.</summary>
sealed class InvitationTokens(IDataProtectionProvider protection, IOptions<InvitationTokens.Validity> options, ILogger<DataProtectorTokenProvider<Account>> log)
    : DataProtectorTokenProvider<Account>(protection, options, log)
{
    internal const string Provider = "invitation";
    const string Purpose = "choose-password";

    internal static readonly TimeSpan Life = TimeSpan.FromDays(14);

    internal sealed class Validity : DataProtectionTokenProviderOptions
    {
        public Validity() => (Name, TokenLifespan) = (Provider, Life);
    }

    internal static async Task<string> Link(UserManager<Account> accounts, Account account, string publicAddress)
    {
        var token = await accounts.GenerateUserTokenAsync(account, Provider, Purpose);
        return $"{publicAddress.TrimEnd('/')}/invitation?account={account.Id}&token={Uri.EscapeDataString(token)}";
    }

    internal static Task<bool> Holds(UserManager<Account> accounts, Account account, string? token) =>
        accounts.VerifyUserTokenAsync(account, Provider, Purpose, token ?? "");
}
