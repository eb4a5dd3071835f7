using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Allocation.Lists;

/// <summary>Count and SHA-256 of a canonical file.</summary>
public record ListDigest(int Count, string Sha256);

/// <summary>The canonical files of the book, read line by line in the order of their bytes.</summary>
public static class CanonicalLists
{
    /// <summary>The applications that stand for a draw, in the order of their tickets; for draw 0 the list as announced, before anything was struck.</summary>
    public static async IAsyncEnumerable<(string Ticket, string Cluster, string[] Preferences)> Applications(
        NpgsqlConnection connection, string period, int draw, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select ticket, cluster, preferences from applications where period = $1 and not withdrawn and (struck is null or struck > $2) order by ticket", connection)
        { Parameters = { new() { Value = period }, new() { Value = draw } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return (rows.GetString(0), rows.GetString(1), rows.GetFieldValue<string[]>(2));
        }
    }

    /// <summary>The catalogue in the order of its codes.</summary>
    public static async Task<List<Programme>> Programmes(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select body from programmes where period = $1 order by code", connection) { Parameters = { new() { Value = period } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var programmes = new List<Programme>();
        while (await rows.ReadAsync(cancellationToken))
        {
            programmes.Add(JsonSerializer.Deserialize<Programme>(rows.GetString(0), Outbox.Json)!);
        }
        return programmes;
    }

    /// <summary>The lines of <c>applications.txt</c> with their LF.</summary>
    public static async IAsyncEnumerable<string> ApplicationLines(
        NpgsqlConnection connection, string period, int draw, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Canonical.ApplicationsHeader(period);
        await foreach (var (ticket, cluster, preferences) in Applications(connection, period, draw, cancellationToken))
        {
            yield return Canonical.ApplicationLine(ticket, cluster, preferences);
        }
    }

    /// <summary>The lines of <c>programmes.txt</c> with their LF.</summary>
    public static async IAsyncEnumerable<string> ProgrammeLines(NpgsqlConnection connection, string period, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Canonical.ProgrammesHeader(period);
        foreach (var programme in await Programmes(connection, period, cancellationToken))
        {
            yield return Canonical.ProgrammeLine(programme);
        }
    }

    public static async Task<ListDigest> Digest(IAsyncEnumerable<string> lines, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = -1; // the header
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            count++;
        }
        return new(count, Canonical.Hex(hash.GetHashAndReset()));
    }

    /// <summary>The applications' lines by the first two characters of the ticket.</summary>
    public static async Task<List<BucketDigest>> Buckets(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buckets = new List<BucketDigest>();
        var (bucket, count) = ("", 0);
        await foreach (var (ticket, cluster, preferences) in Applications(connection, period, 0, cancellationToken))
        {
            if (ticket[..2] != bucket)
            {
                Close();
                (bucket, count) = (ticket[..2], 0);
            }
            hash.AppendData(Encoding.UTF8.GetBytes(Canonical.ApplicationLine(ticket, cluster, preferences)));
            count++;
        }
        Close();
        return buckets;

        void Close()
        {
            if (count > 0)
            {
                buckets.Add(new(bucket, count, Canonical.Hex(hash.GetHashAndReset())));
            }
        }
    }
}
