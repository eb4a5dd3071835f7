using System.Security.Claims;
using EPimorfosi.Defaults;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>
/// What an account needs before its first use: an e-mail address that is known to be its owner's (by a link that was sent there), and a second step where
/// one is required. Who lacks it reaches nothing but the page that mends it.
/// </summary>
static class FirstUse
{
    const string Claim = "missing";

    /// <summary>The first is asked for first.</summary>
    static readonly (string Missing, string Page, string Problem, string Title, string Detail)[] Steps =
    [
        ("email", "/account/confirm", "email-not-confirmed", "ConfirmMissing", "ConfirmMissingDetail"),
        ("two-factor", TwoFactor.Page, "two-factor-missing", "TwoFactorMissing", "TwoFactorMissingDetail"),
    ];

    static readonly string[] Without = ["/api/accounts/login", "/api/accounts/refresh", "/api/accounts/logout", "/api/accounts/me"];

    internal static IEnumerable<Claim> Missing(IConfiguration configuration, Account account)
    {
        if (LacksConfirmation(configuration, account))
        {
            yield return new(Claim, "email");
        }
        if (!account.TwoFactorEnabled && TwoFactor.IsRequired(configuration, account.Roles))
        {
            yield return new(Claim, "two-factor");
        }
    }

    /// <summary>
    /// An invitation proves the address by its use; a password that the office chose proves nothing, and the office knows it. <c>Accounts:ConfirmEmail</c> (<c>required</c> or
    /// <c>not</c>) says otherwise than that it is required behind https. Who can be sent nothing is asked for nothing.
    /// </summary>
    internal static bool LacksConfirmation(IConfiguration configuration, Account account) =>
        !account.EmailConfirmed && PasswordLetters.Reaches(account)
        && (configuration["Accounts:ConfirmEmail"] ?? (configuration["PublicAddress"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true ? "required" : "not")) == "required";

    internal static void UseFirstUse(this WebApplication app) => app.Use(async (context, next) =>
    {
        var path = context.Request.Path;
        if (context.User.FindFirstValue(Claim) is null || Without.Any(open => path.StartsWithSegments(open)) || !(path.StartsWithSegments("/api") || path.StartsWithSegments("/office") || path.StartsWithSegments("/my") || path.StartsWithSegments("/centre")))
        {
            await next(context);
            return;
        }
        var step = Steps.First(step => context.User.HasClaim(Claim, step.Missing));
        if (path.StartsWithSegments("/api"))
        {
            var text = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
            await Problems.Refuse(StatusCodes.Status403Forbidden, step.Problem, text[step.Title], text[step.Detail]).ExecuteAsync(context);
        }
        else
        {
            context.Response.Redirect(step.Page);
        }
    });
}
