using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>Identity's, but that each sign-in is a session of its own, which its owner sees and may end.</summary>
sealed class SignIns(
    UserManager<Account> accounts, IHttpContextAccessor http, IUserClaimsPrincipalFactory<Account> claims, IOptions<IdentityOptions> options, ILogger<SignInManager<Account>> log,
    IAuthenticationSchemeProvider schemes, IUserConfirmation<Account> confirmation, SessionList list, Sessions sessions)
    : SignInManager<Account>(accounts, http, claims, options, log, schemes, confirmation)
{
    public override async Task SignInWithClaimsAsync(Account user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        var begun = await list.Begin(user, Device.Of(Context.Request.Headers.UserAgent.ToString()), AuthenticationScheme == IdentityConstants.BearerScheme, Context.RequestAborted);
        await base.SignInWithClaimsAsync(user, authenticationProperties, additionalClaims.Append(new(Sessions.Own, begun.ToString())));
    }

    public override async Task SignOutAsync()
    {
        await sessions.End(Context.User, Context.RequestAborted);
        await base.SignOutAsync();
    }
}
