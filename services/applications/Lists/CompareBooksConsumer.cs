using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using MassTransit;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Publishes again what allocation's book lacks or has otherwise: every application of each bucket that differs.</summary>
public sealed class CompareBooksConsumer(ApplicationsDb db) : IConsumer<CompareBooks>
{
    const int Batch = 500;

    public async Task Consume(ConsumeContext<CompareBooks> context)
    {
        var (connection, period, cancel) = (db.Connection(), context.Message.Period, context.CancellationToken);
        var theirs = context.Message.Buckets.ToDictionary(bucket => bucket.Bucket);
        var differing = (await Buckets(connection, period, cancel)).Where(mine => theirs.GetValueOrDefault(mine.Bucket) != mine).Select(mine => mine.Bucket).ToArray();
        for (string? last = ""; last is not null;)
        {
            var versions = await connection.Rows($"""
                select ticket, version, cluster, preferences, withdrawn, received_at, digest from applications
                where period = $1 and version > 0 and ticket > $2 and left(ticket, 2) = any($3) order by ticket limit {Batch}
                """, row => new ApplicationVersion(row.GetString(0), row.GetInt32(1), row.GetString(2), row.Texts(3), row.GetBoolean(4), row.Time(5), row.GetString(6)),
                cancel, period, last, differing);
            await connection.Publish(versions.Count > 0 ? [new ApplicationsReceived(period, versions)] : [], cancel);
            last = versions.Count == Batch ? versions[^1].Ticket : null;
        }
    }

    /// <summary>Count and digest of each bucket's lines. A bucket of which all are withdrawn has a count of 0.</summary>
    static async Task<List<BucketDigest>> Buckets(NpgsqlConnection connection, string period, CancellationToken cancellationToken)
    {
        var buckets = new List<BucketDigest>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (bucket, count) = ("", 0);
        void Close()
        {
            if (bucket.Length > 0)
            {
                buckets.Add(new(bucket, count, Canonical.Hex(hash.GetHashAndReset())));
            }
        }
        await using var command = connection.Command(
            "select ticket, cluster, preferences, withdrawn from applications where period = $1 and version > 0 order by ticket collate \"C\"", period);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var ticket = reader.GetString(0);
            if (!ticket.StartsWith(bucket, StringComparison.Ordinal) || bucket.Length == 0)
            {
                Close();
                (bucket, count) = (ticket[..2], 0);
            }
            if (!reader.GetBoolean(3))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(Canonical.ApplicationLine(ticket, reader.GetString(1), reader.Texts(2))));
                count++;
            }
        }
        Close();
        return buckets;
    }
}
