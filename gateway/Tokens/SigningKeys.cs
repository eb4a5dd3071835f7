using System.Security.Cryptography;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace EPimorfosi.Gateway.Tokens;

/// <summary>The keys of all replicas: a new one every day, made by whichever replica needs it first.</summary>
sealed class SigningKeys(IDbContextFactory<GatewayDb> contexts, NpgsqlDataSource source, IDataProtectionProvider protection, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    static readonly TimeSpan Signs = TimeSpan.FromDays(1);

    // Beyond a token's life: services allow for clocks that differ.
    static readonly TimeSpan Published = Signs + InternalTokens.Life + TimeSpan.FromMinutes(5);

    readonly IDataProtector protector = protection.CreateProtector("internal-token-signing-key");
    readonly SemaphoreSlim changing = new(1);
    (SigningCredentials Key, DateTimeOffset Until)? current;

    public async ValueTask<SigningCredentials> Current(CancellationToken cancellationToken)
    {
        if (current is { } held && held.Until > clock.GetUtcNow())
        {
            return held.Key;
        }
        await changing.WaitAsync(cancellationToken);
        try
        {
            if (current is not { } now || now.Until <= clock.GetUtcNow())
            {
                current = await NewestOrNew(cancellationToken);
            }
            return current.Value.Key;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Those that a token still alive may have been signed with, newest first.</summary>
    public async Task<List<SigningKey>> Public(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = clock.GetUtcNow() - Published;
        return await db.SigningKeys.AsNoTracking().Where(key => key.CreatedAt > since).OrderByDescending(key => key.CreatedAt).ToListAsync(cancellationToken);
    }

    async Task<(SigningCredentials, DateTimeOffset)> NewestOrNew(CancellationToken cancellationToken)
    {
        await using var election = await Election.Enter(source, "signing-key", cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = clock.GetUtcNow() - Signs;
        var newest = await db.SigningKeys.AsNoTracking().Where(key => key.CreatedAt > since).OrderByDescending(key => key.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        if (newest is not null && TryOpen(newest) is { } opened)
        {
            return (opened, newest.CreatedAt + Signs);
        }
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(false).Q;
        var made = new SigningKey
        {
            Id = Guid.CreateVersion7().ToString("N"),
            CreatedAt = clock.GetUtcNow(),
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
            PrivateKey = protector.Protect(pair.ExportPkcs8PrivateKey()),
        };
        db.SigningKeys.Add(made);
        await db.SaveChangesAsync(cancellationToken);
        var forgotten = clock.GetUtcNow() - 2 * Published;
        await db.SigningKeys.Where(key => key.CreatedAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        return (TryOpen(made)!, made.CreatedAt + Signs);
    }

    SigningCredentials? TryOpen(SigningKey key)
    {
        try
        {
            var pair = ECDsa.Create();
            pair.ImportPkcs8PrivateKey(protector.Unprotect(key.PrivateKey), out _);
            return new(new ECDsaSecurityKey(pair) { KeyId = key.Id }, SecurityAlgorithms.EcdsaSha256);
        }
        catch (CryptographicException fault)
        {
            log.LogWarning("Signing key {Key} cannot be opened ({Reason}); another is made.", key.Id, fault.Message);
            return null;
        }
    }

    public void Dispose() => changing.Dispose();
}
