using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The draw's seed and the custodians' randomness (R17, R18). Digests and randomness are lower-case hex.</summary>
public static class Seed
{
    /// <summary>32 bytes that nobody could know before the randomness, and that stand for exactly these lists.</summary>
    public static byte[] Of(string period, string applicationsSha256, string programmesSha256, string source, string randomness) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"epimorfosi-draw-v1\n{period}\n{applicationsSha256}\n{programmesSha256}\n{source}\n{randomness}\n"));

    public static string Custodians(int count) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"custodians:{count}");

    /// <summary>What custodians publish before they may reveal.</summary>
    public static string Commitment(string reveal) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reveal)));

    /// <param name="reveals">In the custodians' order.</param>
    public static string Randomness(IEnumerable<string> reveals) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(reveals.Select(reveal => reveal + "\n")))));
}
