using System.Security.Claims;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Guards;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace EPimorfosi.Gateway.Accounts;

/// <summary>Signing in and out, in the shape of ASP.NET Core Identity's own endpoints but without registration: accounts are given by the office.</summary>
static class SignIn
{
    internal static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/api/accounts").WithTags("Accounts");
        accounts.MapPost("/login", Login).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        accounts.MapPost("/refresh", Refresh).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        accounts.MapPost("/logout", Logout).RequireAuthorization(SignedIn);
        accounts.MapGet("/me", Me).RequireAuthorization(SignedIn);
    }

    static readonly Microsoft.AspNetCore.Authorization.AuthorizationPolicy SignedIn =
        new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    static async Task<Results<Ok<AccessTokenResponse>, EmptyHttpResult, ProblemHttpResult>> Login(
        LoginRequest request, SignInManager<Account> signIn, FailedNames failed, IStringLocalizer<Texts> text, bool useCookies = true)
    {
        signIn.AuthenticationScheme = useCookies ? IdentityConstants.ApplicationScheme : IdentityConstants.BearerScheme;
        // The response, cookie or tokens, is written by the scheme.
        var result = await signIn.TryPassword(request.UserName, request.Password);
        if (result.RequiresTwoFactor && (request.TwoFactorCode ?? request.TwoFactorRecoveryCode) is { Length: > 0 } code)
        {
            result = await signIn.TryCode(code);
        }
        if (result.Succeeded)
        {
            failed.Forget(request.UserName);
            return TypedResults.Empty;
        }
        return result.RequiresTwoFactor ? Problems.Refuse(StatusCodes.Status401Unauthorized, "two-factor-required", text["CodeTitle"], text["CodeLead"])
            : failed.Failed(request.UserName) is null ? Refused(text)
            : Problems.Refuse(StatusCodes.Status401Unauthorized, "sign-in-locked", text["SignInLocked"], text["SignInLockedDetail", FailedNames.Wait.TotalMinutes]);
    }

    /// <summary>One answer for an unknown name, a wrong password and a locked account, in about the same time: it tells nobody which names exist.</summary>
    internal static async Task<SignInResult> TryPassword(this SignInManager<Account> signIn, string? userName, string? password)
    {
        if (await signIn.UserManager.FindByNameAsync(userName ?? "") is not { PasswordHash: not null } account)
        {
            signIn.UserManager.PasswordHasher.HashPassword(new(), password ?? "");
            return SignInResult.Failed;
        }
        return await signIn.PasswordSignInAsync(account, password ?? "", isPersistent: false, lockoutOnFailure: true);
    }

    static ProblemHttpResult Refused(IStringLocalizer<Texts> text) =>
        Problems.Refuse(StatusCodes.Status401Unauthorized, "sign-in-failed", text["SignInFailed"], text["SignInFailedDetail"]);

    static async Task<Results<Ok<AccessTokenResponse>, SignInHttpResult, ProblemHttpResult>> Refresh(
        RefreshRequest request, SignInManager<Account> signIn, Sessions sessions, IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider clock, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        var ticket = bearer.Get(IdentityConstants.BearerScheme).RefreshTokenProtector.Unprotect(request.RefreshToken);
        return ticket?.Properties.ExpiresUtc > clock.GetUtcNow() && await sessions.Of(ticket.Principal, cancellationToken) is not null
            ? TypedResults.SignIn(ticket.Principal, authenticationScheme: IdentityConstants.BearerScheme)
            : Problems.Refuse(StatusCodes.Status401Unauthorized, "session-ended", text["SessionEnded"]);
    }

    /// <summary>The session ends, whoever still has its cookie or tokens; with <c>?everywhere=true</c>, or a bearer token, all sessions of the account do.</summary>
    static async Task<NoContent> Logout(HttpContext context, SignInManager<Account> signIn, Sessions sessions, bool everywhere = false)
    {
        if ((everywhere || context.Request.Headers.ContainsKey("Authorization")) && await signIn.UserManager.FindByIdAsync(context.User.Subject()) is { } account)
        {
            await signIn.UserManager.UpdateSecurityStampAsync(account);
            sessions.Forget(account.Id);
        }
        signIn.AuthenticationScheme = IdentityConstants.ApplicationScheme;
        await signIn.SignOutAsync();
        return TypedResults.NoContent();
    }

    static Ok<Me> Me(ClaimsPrincipal user) => TypedResults.Ok(new Me(
        user.Subject(), user.DisplayName(), [.. user.FindAll("role").Select(claim => claim.Value)], user.RegistryNumber(), user.Centre()));
}

/// <summary>What signs in; a code of the authenticator app, or a recovery code, where the account has a second step.</summary>
public record LoginRequest(string UserName, string Password, string? TwoFactorCode = null, string? TwoFactorRecoveryCode = null);

/// <summary>What renews a bearer session.</summary>
public record RefreshRequest(string RefreshToken);

/// <summary>Who is signed in.</summary>
public record Me(string Id, string UserName, IReadOnlyList<string> Roles, string? RegistryNumber, string? Centre);
