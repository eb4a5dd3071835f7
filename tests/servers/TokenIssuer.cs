using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EPimorfosi.Tests.Servers;

/// <summary>Stands where the gateway stands: signs internal tokens and serves the keys over HTTP.</summary>
public sealed class TokenIssuer : IAsyncDisposable
{
    readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };
    readonly WebApplication server;

    TokenIssuer(WebApplication server) => this.server = server;

    /// <summary>Address of the JWKS, for <c>Tokens:Jwks</c>.</summary>
    public string Jwks => $"{server.Urls.First()}/.well-known/jwks.json";

    public static async Task<TokenIssuer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var issuer = new TokenIssuer(builder.Build());
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(issuer.key.ECDsa.ExportParameters(false))) { KeyId = issuer.key.KeyId });
        issuer.server.MapGet("/.well-known/jwks.json", () => Results.Json(new { keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = jwk.Kid, use = "sig", alg = "ES256" } } }));
        await issuer.server.StartAsync();
        return issuer;
    }

    /// <param name="lifetime">Negative for a token that has expired.</param>
    public string Token(string subject, string[] roles, string? registryNumber = null, string? centre = null, TimeSpan? lifetime = null, string issuer = "epimorfosi-gateway")
    {
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["name"] = subject, ["role"] = roles };
        if (registryNumber is not null)
        {
            claims["registry_number"] = registryNumber;
        }
        if (centre is not null)
        {
            claims["centre"] = centre;
        }
        var expires = DateTime.UtcNow + (lifetime ?? TimeSpan.FromMinutes(5));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = "epimorfosi-services",
            Claims = claims,
            NotBefore = expires - TimeSpan.FromHours(1),
            IssuedAt = expires - TimeSpan.FromHours(1),
            Expires = expires,
            SigningCredentials = new(key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
