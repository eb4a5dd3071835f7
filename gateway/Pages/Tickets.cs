namespace EPimorfosi.Gateway.Pages;

/// <summary>A ticket as people type it (R14): any case, with spaces or hyphens, and the letters that Crockford's base32 forgives.</summary>
static class Tickets
{
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const int Length = 16;

    /// <returns>Null if it cannot be a ticket.</returns>
    internal static string? Read(string typed)
    {
        var ticket = string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter) && letter != '-')).ToUpperInvariant().Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return ticket.Length == Length && ticket.All(Alphabet.Contains) ? ticket : null;
    }
}
