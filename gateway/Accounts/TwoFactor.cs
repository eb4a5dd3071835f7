using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Identity;
using QRCoder;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>
/// Second step of signing in: a code of an authenticator app (TOTP). The office and the auditors must have one wherever the product runs in earnest, which
/// is behind https; <c>Accounts:TwoFactor</c> (<c>required</c> or <c>offered</c>) says otherwise.
/// </summary>
static class TwoFactor
{
    internal const string Page = "/account/two-factor";
    const string Issuer = "ePimorfosi";

    internal static bool IsRequired(IConfiguration configuration, IEnumerable<string> roles) =>
        (configuration["Accounts:TwoFactor"] ?? (configuration["PublicAddress"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true ? "required" : "offered")) == "required"
        && roles.Any(role => role is Policies.Office or Policies.Auditor);

    /// <summary>Six digits are a code of the app; anything else can only be a recovery code.</summary>
    internal static async Task<SignInResult> TryCode(this SignInManager<Account> signIn, string? typed)
    {
        var code = string.Concat((typed ?? "").Where(char.IsAsciiLetterOrDigit));
        return code.Length == 6 && code.All(char.IsAsciiDigit)
            ? await signIn.TwoFactorAuthenticatorSignInAsync(code, isPersistent: false, rememberClient: false)
            : await signIn.TwoFactorRecoveryCodeSignInAsync((typed ?? "").Trim().ToUpperInvariant());
    }

    internal static string Address(Account account, string key) => $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(account.UserName!)}?secret={key}&issuer={Issuer}&digits=6";

    /// <summary>As an image in the page, which no other address learns of.</summary>
    internal static string Picture(string address)
    {
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(code.GetGraphic(4)));
    }
}
