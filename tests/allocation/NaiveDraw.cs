using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Allocation.Tests;

/// <summary>The draw again, written from the public interface's text alone and with no thought of speed.</summary>
public static class NaiveDraw
{
    /// <summary>By place: ticket, programme or null, rank.</summary>
    public static List<(string Ticket, string? Programme, int Rank)> Run(DrawInstance instance)
    {
        var order = instance.Arrivals
            .OrderBy(arrival => Convert.ToHexString(SHA256.HashData([.. instance.Seed, .. Encoding.ASCII.GetBytes(arrival.Ticket)])), StringComparer.Ordinal)
            .ThenBy(arrival => arrival.Ticket, StringComparer.Ordinal);
        var results = new List<(string, string? Programme, int)>();
        foreach (var (ticket, preferences) in order)
        {
            var rank = Array.FindIndex(preferences, code =>
                results.Count(result => result.Programme == code) < instance.Programmes.Single(programme => programme.Code == code).Maximum) + 1;
            results.Add((ticket, rank == 0 ? null : preferences[rank - 1], rank));
        }
        return results;
    }
}
