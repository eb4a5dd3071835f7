using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using EPimorfosi.Allocation.Lists;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The public bundle of a draw, format version 1: from it anybody recomputes the whole result (R17, I10).</summary>
public static class Bundle
{
    static readonly JsonSerializerOptions Indented = new(Outbox.Json) { WriteIndented = true, NewLine = "\n" };

    /// <summary><c>draw.json</c>.</summary>
    public static string DrawJson(Ceremony draw, IEnumerable<Custodian> custodians) => JsonSerializer.Serialize(new
    {
        Format = 1,
        draw.Period,
        Algorithm = Draw.Algorithm,
        draw.ApplicationsSha256,
        draw.ProgrammesSha256,
        draw.Applications,
        draw.Programmes,
        draw.Source,
        draw.Randomness,
        draw.Seed,
        CommittedAt = draw.CommittedAt.UtcDateTime,
        DrawnAt = draw.DrawnAt!.Value.UtcDateTime,
        Custodians = custodians.Select(custodian => new { custodian.Name, custodian.Commitment, custodian.Reveal }),
    }, Indented) + "\n";

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

    /// <summary>All four files. Their times are the draw's, so that the bundle is the same bytes whenever it is asked for.</summary>
    public static async Task Zip(NpgsqlConnection connection, Ceremony draw, IEnumerable<Custodian> custodians, Stream stream, CancellationToken cancellationToken)
    {
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken);
        await Add("applications.txt", CanonicalLists.ApplicationLines(connection, draw.Period, cancellationToken));
        await Add("programmes.txt", CanonicalLists.ProgrammeLines(connection, draw.Period, cancellationToken));
        await Add("draw.json", AsyncEnumerable.Repeat(DrawJson(draw, custodians), 1));
        await Add("results.txt", ResultLines(connection, draw, cancellationToken));

        async Task Add(string name, IAsyncEnumerable<string> lines)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = new(draw.DrawnAt!.Value.UtcDateTime, TimeSpan.Zero);
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
