using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EPimorfosi.Gateway.Tokens;

/// <summary>The gateway's word to the services on who calls: ES256, for some minutes.</summary>
sealed class InternalTokens(SigningKeys keys, TimeProvider clock)
{
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);
    static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <returns>The token, and until when it may be sent again.</returns>
    public async Task<(string Token, DateTimeOffset Until)> Issue(IEnumerable<Claim> claims, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = Handler.CreateToken(new Microsoft.IdentityModel.Tokens.SecurityTokenDescriptor
        {
            Issuer = "epimorfosi-gateway",
            Audience = "epimorfosi-services",
            Subject = new(claims),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Life).UtcDateTime,
            SigningCredentials = await keys.Current(cancellationToken),
        });
        return (token, now + Life - Spare);
    }
}
