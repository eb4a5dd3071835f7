using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace EPimorfosi.Gateway.Guards;

/// <summary>
/// How often one may ask, per address and per account, and more strictly how often an address may try to sign in. Counted by each replica.
/// Networks of <c>RateLimits:ExemptNetworks</c> are free of the limits per address, never of those per account.
/// </summary>
static class RateLimits
{
    internal const string SignIn = "sign-in";

    internal static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var limits = builder.Configuration.GetSection("RateLimits");
        var exempt = (limits["ExemptNetworks"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(IPNetwork.Parse).ToArray();
        var perAddress = limits.GetValue("AddressPerMinute", 1200);
        var perAccount = limits.GetValue("AccountPerMinute", 600);
        var signIn = limits.GetValue("SignInPerMinute", 30);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = TellWhen;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(context => IsOperation(context) ? Free() : ByAddress(context, perAddress)),
                PartitionedRateLimiter.Create<HttpContext, string>(context =>
                    context.User.FindFirstValue("sub") is { } account ? Limit(account, perAccount) : Free()));
            limiter.AddPolicy(SignIn, context => ByAddress(context, signIn));
        });

        RateLimitPartition<string> ByAddress(HttpContext context, int perMinute)
        {
            var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return exempt.Any(network => network.Contains(address)) ? Free() : Limit(Household(address), perMinute);
        }
    }

    /// <summary>An IPv6 subscriber has a /64.</summary>
    static string Household(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();

    static bool IsOperation(HttpContext context) => context.Request.Path.StartsWithSegments("/health");

    static RateLimitPartition<string> Free() => RateLimitPartition.GetNoLimiter("");

    static RateLimitPartition<string> Limit(string key, int perMinute) => RateLimitPartition.GetSlidingWindowLimiter(key, _ => new()
    {
        PermitLimit = perMinute,
        Window = TimeSpan.FromMinutes(1),
        SegmentsPerWindow = 6,
        QueueLimit = 0,
    });

    static ValueTask TellWhen(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
        context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}
