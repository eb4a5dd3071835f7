namespace EPimorfosi.Gateway.Tokens;

/// <summary>A key that signs internal tokens for a day, and is published until the last of them has expired.</summary>
public sealed class SigningKey
{
    /// <summary>The <c>kid</c>.</summary>
    public required string Id { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Coordinates of the public point on P-256, base64url.</summary>
    public required string X { get; init; }
    public required string Y { get; init; }

    /// <summary>PKCS #8, protected by the key ring.</summary>
    public required byte[] PrivateKey { get; init; }
}
