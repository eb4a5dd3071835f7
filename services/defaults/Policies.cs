using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace EPimorfosi.Defaults;

/// <summary>The roles, each also the name of the policy that asks for it.</summary>
public static class Policies
{
    public const string Teacher = "teacher";
    public const string Centre = "centre";
    public const string Trainer = "trainer";
    public const string Office = "office";
    public const string Auditor = "auditor";

    /// <summary>A teacher for themselves, or the office for a teacher.</summary>
    public const string TeacherOrOffice = "teacher-or-office";

    public const string OfficeOrAuditor = "office-or-auditor";

    public const string CentreOrOffice = "centre-or-office";

    public const string CentreOrTrainer = "centre-or-trainer";

    public static IReadOnlyList<string> Roles { get; } = [Teacher, Centre, Trainer, Office, Auditor];

    internal static void AddPolicies(this AuthorizationBuilder authorization)
    {
        foreach (var role in Roles)
        {
            authorization.AddPolicy(role, policy => policy.RequireAuthenticatedUser().RequireRole(role));
        }
        authorization.AddPolicy(TeacherOrOffice, policy => policy.RequireAuthenticatedUser().RequireRole(Teacher, Office));
        authorization.AddPolicy(CentreOrTrainer, policy => policy.RequireAuthenticatedUser().RequireRole(Centre, Trainer));
        authorization.AddPolicy(CentreOrOffice, policy => policy.RequireAuthenticatedUser().RequireRole(Centre, Office));
        authorization.AddPolicy(OfficeOrAuditor, policy => policy.RequireAuthenticatedUser().RequireRole(Office, Auditor));
        // Default deny: a route that names no policy is nobody's.
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
    }
}

/// <summary>Who calls, from the gateway's token.</summary>
public static class Caller
{
    /// <summary>The account's id.</summary>
    public static string Subject(this ClaimsPrincipal user) => user.FindFirstValue("sub") ?? throw new InvalidOperationException("The caller is not signed in.");

    /// <summary>The account's name, for the record of who did what (R31).</summary>
    public static string DisplayName(this ClaimsPrincipal user) => user.FindFirstValue("name") ?? user.Subject();

    /// <summary>A teacher's registry number; null for others.</summary>
    public static string? RegistryNumber(this ClaimsPrincipal user) => user.FindFirstValue("registry_number");

    /// <summary>School code of a centre's account; null for others.</summary>
    public static string? Centre(this ClaimsPrincipal user) => user.FindFirstValue("centre");

    public static bool Is(this ClaimsPrincipal user, string role) => user.HasClaim("role", role);
}
