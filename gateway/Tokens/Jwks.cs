namespace EPimorfosi.Gateway.Tokens;

/// <summary>The public keys, for the services.</summary>
static class Jwks
{
    internal static void AddInternalTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<InternalTokens>();
    }

    internal static void MapJwks(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.well-known/jwks.json", Keys).AllowAnonymous().ExcludeFromDescription().DisableRateLimiting();

    static async Task<KeySet> Keys(SigningKeys keys, CancellationToken cancellationToken) =>
        new([.. (await keys.Public(cancellationToken)).Select(key => new Key("EC", "P-256", "sig", "ES256", key.Id, key.X, key.Y))]);

    /// <summary>RFC 7517.</summary>
    public sealed record KeySet(IReadOnlyList<Key> Keys);

    /// <summary>RFC 7518, 6.2.</summary>
    public sealed record Key(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);
}
