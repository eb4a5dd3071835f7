using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;

namespace EPimorfosi.Notifications.Sending;

/// <summary>Words in links and addresses that only we can have written: what they are about, and a signature by a key that all replicas share.</summary>
public sealed class Links
{
    const int SignatureBytes = 16;
    readonly Lazy<byte[]> key;

    public Links(byte[] key) => this.key = new(key);

    public Links(NpgsqlDataSource database) => key = new(() => Key(database));

    /// <param name="use">What it is good for, so that a word for one thing is none for another.</param>
    public string Write(string use, string about)
    {
        var bytes = Encoding.UTF8.GetBytes(about);
        return WebEncoders.Base64UrlEncode([.. Sign(use, bytes), .. bytes]);
    }

    /// <summary>What it is about; null if we did not write it.</summary>
    public string? Read(string use, string word)
    {
        try
        {
            var bytes = word.Length > 500 ? [] : WebEncoders.Base64UrlDecode(word);
            return bytes.Length > SignatureBytes && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureBytes), Sign(use, bytes[SignatureBytes..]))
                ? Encoding.UTF8.GetString(bytes, SignatureBytes, bytes.Length - SignatureBytes)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The same for the part of an address after its plus: letters of one case, and short.</summary>
    public string WriteThread(Guid id) => $"{id:N}{Convert.ToHexStringLower(Sign("thread", id.ToByteArray())[..6])}";

    public Guid? ReadThread(string word) =>
        word.Length == 44 && Guid.TryParseExact(word[..32], "N", out var id) && WriteThread(id).Equals(word, StringComparison.OrdinalIgnoreCase) ? id : null;

    byte[] Sign(string use, byte[] about) => HMACSHA256.HashData(key.Value, (byte[])[.. Encoding.UTF8.GetBytes(use), 0, .. about])[..SignatureBytes];

    static byte[] Key(NpgsqlDataSource database)
    {
        using var make = database.CreateCommand("insert into keys (name, value) values ('links', $1) on conflict (name) do nothing");
        make.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
        make.ExecuteNonQuery();
        using var read = database.CreateCommand("select value from keys where name = 'links'");
        return (byte[])read.ExecuteScalar()!;
    }
}

/// <summary>A secret of this service's own.</summary>
public class Key
{
    public required string Name { get; init; }
    public required byte[] Value { get; init; }
}
