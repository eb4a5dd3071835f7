using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EPimorfosi.Defaults;

/// <summary>
/// CSV as outsiders may send it: UTF-8 with or without BOM, header required, comma or semicolon, CRLF or LF. Read as a stream: a file of any
/// length takes the memory of a line. What is wrong with a line is a fault of that line, never an exception.
/// </summary>
public static class CsvTable
{
    const long LargestImport = 64 << 20;

    /// <summary>Lets a route take an import of up to 64 MiB.</summary>
    public static TBuilder AllowImport<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequestSizeLimitAttribute(LargestImport));

    /// <summary>The file of a request: its <c>file</c> part, or a <c>text/csv</c> body. Throws a 400 or 415 for anything else.</summary>
    public static async Task<Stream> Body(HttpRequest request)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed : null;
        if (type?.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) == true)
        {
            return request.Body;
        }
        if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new BadHttpRequestException("Send the file as the form field 'file' (multipart/form-data) or as a text/csv body.", StatusCodes.Status415UnsupportedMediaType);
        }
        var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), request.Body);
        while (await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section)
        {
            if (section.GetContentDispositionHeader()?.Name == "file")
            {
                return section.Body;
            }
        }
        throw new BadHttpRequestException("The form has no field 'file'.");
    }

    /// <summary>The rows after the header, each either with a value for every column or with its fault. Invalid UTF-8 ends the file.</summary>
    public static async IAsyncEnumerable<CsvRow> Read(Stream stream, string[] columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var (header, unreadable) = await Header(text, cancellationToken);
        var delimiter = header.Contains(';', StringComparison.Ordinal) ? ";" : ",";
        var names = header.TrimStart('\uFEFF').Split(delimiter).Select(name => name.Trim().Trim('"')).ToArray();
        if ((unreadable ?? FaultOfHeader(names, columns)) is { } wrong)
        {
            yield return new CsvRow(1, names, []) { Fault = wrong };
            yield break;
        }
        var damaged = false;
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            HasHeaderRecord = false,
            MaxFieldSize = 1 << 16,
            BadDataFound = _ => damaged = true,
        });
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (more, fault) = await Next(parser);
            var line = parser.RawRow + 1;
            if (fault is not null)
            {
                yield return new CsvRow(line + 1, names, []) { Fault = fault };
            }
            if (!more)
            {
                yield break;
            }
            var row = new CsvRow(line, names, parser.Record ?? []);
            yield return (damaged, parser.Count == names.Length) switch
            {
                (true, _) => row with { Fault = "A quotation mark inside a value: write it twice, and the value in quotation marks." },
                (_, false) => row with { Fault = $"{parser.Count} values where the header has {names.Length} columns." },
                _ => row,
            };
            damaged = false;
        }
    }

    static async Task<(string, string?)> Header(StreamReader text, CancellationToken cancellationToken)
    {
        try
        {
            return (await text.ReadLineAsync(cancellationToken) ?? "", null);
        }
        catch (DecoderFallbackException)
        {
            return ("", NotUtf8);
        }
    }

    static async Task<(bool, string?)> Next(CsvParser parser)
    {
        try
        {
            return (await parser.ReadAsync(), null);
        }
        catch (DecoderFallbackException)
        {
            return (false, NotUtf8);
        }
        catch (MaxFieldSizeException)
        {
            return (false, "A value is longer than 65,536 characters: is a quotation mark left open?");
        }
    }

    const string NotUtf8 = "The file is not UTF-8 from about here on: save it as CSV UTF-8.";

    static string? FaultOfHeader(string[] names, string[] columns)
    {
        var missing = columns.Except(names).ToArray();
        var unknown = names.Except(columns).ToArray();
        return missing.Length + unknown.Length == 0 && names.Length == columns.Length
            ? null
            : $"The header must be {string.Join(',', columns)}"
                + (missing.Length > 0 ? $"; missing: {string.Join(", ", missing)}" : "")
                + (unknown.Length > 0 ? $"; unknown: {string.Join(", ", unknown)}" : "");
    }

    /// <summary>Writes the same form: comma, LF, values quoted where they must be.</summary>
    public static async Task Write(Stream stream, string[] columns, IAsyncEnumerable<string?[]> rows, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        await using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        await WriteRow(csv, columns);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await WriteRow(csv, row);
        }
    }

    static async Task WriteRow(CsvWriter csv, string?[] values)
    {
        foreach (var value in values)
        {
            csv.WriteField(value);
        }
        await csv.NextRecordAsync();
    }
}

/// <summary>A line of a CSV file.</summary>
/// <param name="Line">From 1, the header's.</param>
public readonly record struct CsvRow(int Line, string[] Columns, string[] Values)
{
    /// <summary>What is wrong with the line as CSV; then it has no values to rely on.</summary>
    public string? Fault { get; init; }

    /// <summary>The trimmed value of a column; without the apostrophe that the office's exports put before what a spreadsheet would take for a formula.</summary>
    public string this[string column] => Values[Array.IndexOf(Columns, column)].Trim() is var value && value is ['\'', ..] && value.TrimStart('\'') is ['=' or '+' or '-' or '@', ..] ? value[1..] : value;
}
