using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EPimorfosi.Allocation.Seats;

/// <summary>The words of the claim log (R24).</summary>
public static class SeatEvents
{
    public const string Placed = "placed";
    public const string Waiting = "waiting";
    public const string Refused = "refused";
    public const string Released = "released";
    public const string Promoted = "promoted";
    public const string Offered = "offered";
    public const string Accepted = "accepted";
    public const string Declined = "declined";
    public const string Expired = "expired";

    /// <summary>R27: moved, because the programme of the seat was cancelled.</summary>
    public const string Rescued = "rescued";

    /// <summary>R27: the programme of the seat, or of the offer, does not run.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>R27, R31: the office keeps the member's programme although it is below its minimum.</summary>
    public const string Overridden = "overridden";

    /// <summary>SQL: a seat of phase B, which ends a ticket's runner-up ranks (R26).</summary>
    internal const string EndsRanks = $"event in ('{Placed}', '{Promoted}', '{Accepted}', '{Rescued}')";
}

/// <summary>The claim log (R24), version 1: each line carries the hash of itself and of all before it.</summary>
public static class SeatLog
{
    /// <summary>The hash before the first line.</summary>
    public static string Genesis { get; } = new('0', 64);

    public static string Header(string period) => $"epimorfosi-seats-v1 {period}\n";

    /// <summary>The line without its hash.</summary>
    /// <param name="number">From 1.</param>
    public static string Body(long number, SeatEvent line) => string.Create(CultureInfo.InvariantCulture,
        $"{number}|{(line.Sequence is { } sequence ? sequence.ToString(CultureInfo.InvariantCulture) : "-")}|{line.Ticket}|{line.Event}|{line.Programme ?? "-"}|{(line.Preferences.Count == 0 ? "-" : string.Join(',', line.Preferences))}");

    public static string Hash(string previous, string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{previous}\n{body}")));
}
