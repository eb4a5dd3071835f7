using System.Security.Cryptography;

namespace EPimorfosi.Applications;

/// <summary>Τυχαίος αριθμός (R14): 80 random bits in Crockford's base32, 16 characters, given once to a teacher for a period.</summary>
public static class Ticket
{
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => Of(RandomNumberGenerator.GetBytes(10));

    /// <param name="random">Ten bytes; the first bit is the most significant of the first character.</param>
    public static string Of(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, 10);
        Span<char> text = stackalloc char[16];
        for (var index = 0; index < 16; index++)
        {
            var bit = index * 5;
            var pair = (random[bit / 8] << 8) | (bit / 8 + 1 < 10 ? random[bit / 8 + 1] : 0);
            text[index] = Alphabet[(pair >> (11 - bit % 8)) & 31];
        }
        return new(text);
    }
}
