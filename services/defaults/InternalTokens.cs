using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EPimorfosi.Defaults;

/// <summary>
/// The gateway's word on who calls: an ES256 token of some minutes, its keys published as a JWKS. Services trust nothing else. A token is
/// checked once and remembered until it expires, for the signature check costs more than the rest of a small request.
/// </summary>
static class InternalTokens
{
    internal const string Scheme = "gateway";

    internal static void AddInternalTokens(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration["Tokens:Jwks"] ?? "";
        builder.Services.AddHttpClient(nameof(GatewayKeys), client => client.Timeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(services => new GatewayKeys(services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(GatewayKeys)), address));
        builder.Services.AddAuthentication(Scheme).AddScheme<AuthenticationSchemeOptions, InternalTokenHandler>(Scheme, null);
    }
}

/// <summary>The gateway's public keys, fetched when first needed and again when a token names a key not yet seen.</summary>
sealed class GatewayKeys(HttpClient http, string address) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    readonly SemaphoreSlim fetching = new(1);
    IReadOnlyList<SecurityKey> keys = [];
    DateTimeOffset fetchedAt;

    public async Task<IReadOnlyList<SecurityKey>> For(string keyId, CancellationToken cancellationToken)
    {
        if (keys.Any(key => key.KeyId == keyId))
        {
            return keys;
        }
        await fetching.WaitAsync(cancellationToken);
        try
        {
            if (keys.All(key => key.KeyId != keyId) && DateTimeOffset.UtcNow - fetchedAt > Patience)
            {
                keys = [.. new JsonWebKeySet(await http.GetStringAsync(new Uri(address), cancellationToken)).GetSigningKeys()];
                fetchedAt = keys.Any(key => key.KeyId == keyId) ? default : DateTimeOffset.UtcNow;
            }
            return keys;
        }
        finally
        {
            fetching.Release();
        }
    }

    public void Dispose() => fetching.Dispose();
}

sealed class InternalTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, GatewayKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    const int Remembered = 100_000;

    /// <summary>How far the gateway's clock and ours may be apart; its tokens live five minutes.</summary>
    static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(3);
    static readonly ConcurrentDictionary<string, (ClaimsPrincipal Caller, DateTime Expires)> Known = new();
    static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return AuthenticateResult.NoResult();
        }
        var token = header["Bearer ".Length..];
        if (!Known.TryGetValue(token, out var known) || known.Expires < DateTime.UtcNow)
        {
            try
            {
                var result = await Validate(token);
                if (!result.IsValid)
                {
                    return AuthenticateResult.Fail("The token is not the gateway's, or has expired.");
                }
                known = (new(result.ClaimsIdentity), result.SecurityToken.ValidTo);
            }
            catch (Exception fault) when (fault is HttpRequestException or ArgumentException or TaskCanceledException)
            {
                return AuthenticateResult.Fail($"The token could not be checked: {fault.Message}");
            }
            Remember(token, known);
        }
        return AuthenticateResult.Success(new(known.Caller, Scheme.Name));
    }

    async Task<TokenValidationResult> Validate(string token)
    {
        var keyId = Tokens.ReadJsonWebToken(token).Kid;
        return await Tokens.ValidateTokenAsync(token, new()
        {
            ValidIssuer = "epimorfosi-gateway",
            ValidAudience = "epimorfosi-services",
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = await keys.For(keyId, Context.RequestAborted),
            ClockSkew = ClocksApart,
            NameClaimType = "name",
            RoleClaimType = "role",
        });
    }

    static void Remember(string token, (ClaimsPrincipal, DateTime) known)
    {
        if (Known.Count >= Remembered)
        {
            foreach (var (old, entry) in Known)
            {
                if (entry.Expires < DateTime.UtcNow)
                {
                    Known.TryRemove(old, out _);
                }
            }
        }
        if (Known.Count < Remembered)
        {
            Known[token] = known;
        }
    }
}
