using EPimorfosi.Contracts.Programmes;

namespace EPimorfosi.Defaults;

/// <summary>
/// The lines of the frozen lists (R17), byte for byte as the public interface fixes them (bundle format 1): each service that takes part in
/// a freeze writes them by this, so that digests can be compared. UTF-8, LF; applications sorted by ticket, programmes by code, both by bytes.
/// </summary>
public static class Canonical
{
    public static string ApplicationsHeader(string period) => $"epimorfosi-applications-v1 {period}\n";

    public static string ApplicationLine(string ticket, string cluster, IEnumerable<string> preferences) => $"{ticket}|{cluster}|{string.Join(',', preferences)}\n";

    public static string ProgrammesHeader(string period) => $"epimorfosi-programmes-v1 {period}\n";

    public static string ProgrammeLine(Programme programme)
    {
        var nomoi = programme.Category == "IIb" ? "*" : string.Join(',', programme.Nomoi.Order(StringComparer.Ordinal));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{programme.Code}|{programme.Cluster}|{programme.Category}|{nomoi}|{programme.Minimum}|{programme.Maximum}\n");
    }

    /// <summary>Lower-case hex.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
