using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The public bundle of a draw, format version 1: from it anybody recomputes the whole result (R17, I10).</summary>
public static class Bundle
{
    static readonly JsonSerializerOptions Indented = new(Outbox.Json) { WriteIndented = true, NewLine = "\n" };

    /// <summary><c>draw.json</c>.</summary>
    /// <param name="announced">Digest of the list before anything was struck from it; null where nothing was.</param>
    public static string DrawJson(Ceremony draw, IEnumerable<Custodian> custodians, string? announced = null) => JsonSerializer.Serialize(new DrawFile(
        1, draw.Period, Draw.Algorithm, draw.ApplicationsSha256, draw.ProgrammesSha256, draw.Applications, draw.Programmes, draw.Source, draw.Randomness!, draw.Seed!,
        draw.CommittedAt.UtcDateTime, draw.DrawnAt!.Value.UtcDateTime,
        [.. custodians.Select(custodian => new CustodianEntry(custodian.Name, custodian.Commitment, custodian.Reveal!))],
        draw.Signature is { } signature ? new(signature, draw.PreviousSignature) : null, announced), Indented) + "\n";

    sealed record DrawFile(
        int Format, string Period, string Algorithm, string ApplicationsSha256, string ProgrammesSha256, int Applications, int Programmes, string Source,
        string Randomness, string Seed, DateTime CommittedAt, DateTime DrawnAt, IReadOnlyList<CustodianEntry> Custodians,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DrandEntry? Drand,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AnnouncedSha256);

    sealed record CustodianEntry(string Name, string Commitment, string Reveal);

    /// <summary>What proves a round of drand against its chain's public key; there for such a draw only.</summary>
    sealed record DrandEntry(string Signature, string? PreviousSignature);

    public static string DrawJson(Turn turn, Ceremony draw) => DrawJson(draw, turn.CustodiansOf(draw.Number), Announced(turn, draw));

    static string? Announced(Turn turn, Ceremony draw) => turn.Book.ApplicationsSha256 == draw.ApplicationsSha256 ? null : turn.Book.ApplicationsSha256;

    public static string ResultsHeader(string period) => $"epimorfosi-results-v1 {period}\n";

    public static string ResultLine(int place, string ticket, string? programme, int rank) =>
        string.Create(CultureInfo.InvariantCulture, $"{place}|{ticket}|{programme ?? "-"}|{rank}\n");

    /// <summary>The lines of <c>results.txt</c> with their LF.</summary>
    public static async IAsyncEnumerable<string> ResultLines(NpgsqlConnection connection, Ceremony draw, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ResultsHeader(draw.Period);
        await using var command = new NpgsqlCommand("select place, ticket, programme, rank from outcomes where period = $1 and draw = $2 order by place", connection)
        {
            Parameters = { new() { Value = draw.Period }, new() { Value = draw.Number } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return ResultLine(rows.GetInt32(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetInt32(3));
        }
    }

    /// <summary>The header and lines of <c>struck.txt</c>: what the office took off the announced list up to this draw (R31).</summary>
    public static async IAsyncEnumerable<string> StruckLines(NpgsqlConnection connection, string period, int draw, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return $"epimorfosi-struck-v1 {period}\n";
        await using var command = new NpgsqlCommand("select ticket, cluster, preferences from applications where period = $1 and struck <= $2 order by ticket", connection)
        {
            Parameters = { new() { Value = period }, new() { Value = draw } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return Canonical.ApplicationLine(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<string[]>(2));
        }
    }

    /// <summary>The four files, and the struck lines where there are any.</summary>
    public static IEnumerable<(string Name, IAsyncEnumerable<string> Lines)> Files(
        NpgsqlConnection connection, Turn turn, Ceremony draw, CancellationToken cancellationToken)
    {
        yield return ("applications.txt", CanonicalLists.ApplicationLines(connection, draw.Period, draw.Number, cancellationToken));
        yield return ("programmes.txt", CanonicalLists.ProgrammeLines(connection, draw.Period, cancellationToken));
        yield return ("draw.json", AsyncEnumerable.Repeat(DrawJson(turn, draw), 1));
        yield return ("results.txt", ResultLines(connection, draw, cancellationToken));
        if (Announced(turn, draw) is not null)
        {
            yield return ("struck.txt", StruckLines(connection, draw.Period, draw.Number, cancellationToken));
        }
    }

    /// <summary>Files as one. Their times are the draw's, so that it is the same bytes whenever it is asked for.</summary>
    public static async Task Zip(IEnumerable<(string Name, IAsyncEnumerable<string> Lines)> files, DateTimeOffset time, Stream stream, CancellationToken cancellationToken)
    {
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken);
        foreach (var (name, lines) in files)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = new(time.UtcDateTime, TimeSpan.Zero);
            await using var file = await entry.OpenAsync(cancellationToken);
            await Write(lines, file, cancellationToken);
        }
    }

    public static async Task Write(IAsyncEnumerable<string> lines, Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(line.AsMemory(), cancellationToken);
        }
    }
}
