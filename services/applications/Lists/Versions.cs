using System.Security.Cryptography;
using System.Text;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>A version of an application about to be stored.</summary>
/// <param name="NewTicket">Whether the ticket is given with it.</param>
sealed record NewVersion(string RegistryNumber, string Ticket, bool NewTicket, int Version, string Cluster, IReadOnlyList<string> Preferences, bool Withdrawn)
{
    /// <summary>The line of the frozen list that this version would be; a withdrawn one has no programmes and would be absent.</summary>
    public string Line => Canonical.ApplicationLine(Ticket, Cluster, Preferences);

    /// <summary>What the receipt shows: anyone recomputes it from the line, its LF included.</summary>
    public string Digest { get; } = Canonical.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical.ApplicationLine(Ticket, Cluster, Preferences))));
}

/// <summary>Versions of applications (R15): what the next one is, and how it is stored.</summary>
static class Versions
{
    /// <summary>Null if the same list stands already: no new version.</summary>
    public static NewVersion? Next(Application? current, string registryNumber, string cluster, IReadOnlyList<string> preferences, bool withdrawn, Func<string> ticket) =>
        current is null ? new(registryNumber, ticket(), true, 1, cluster, preferences, withdrawn)
        : current.Version > 0 && current.Withdrawn == withdrawn && current.Cluster == cluster && current.Preferences.SequenceEqual(preferences) ? null
        : new(registryNumber, current.Ticket, false, current.Version + 1, cluster, preferences, withdrawn);

    /// <summary>The teachers' applications as they stand. Read after the teachers' rows are held.</summary>
    public static async Task<Dictionary<string, Application>> Current(NpgsqlConnection connection, string period, string[] registryNumbers, CancellationToken cancellationToken) =>
        (await connection.Rows("""
            select registry_number, ticket, version, cluster, preferences, withdrawn, received_at, digest
            from applications where period = $1 and registry_number = any($2)
            """, row => new Application
        {
            Period = period,
            RegistryNumber = row.GetString(0),
            Ticket = row.GetString(1),
            Version = row.GetInt32(2),
            Cluster = row.GetString(3),
            Preferences = row.Texts(4),
            Withdrawn = row.GetBoolean(5),
            ReceivedAt = row.Time(6),
            Digest = row.GetString(7),
        }, cancellationToken, period, registryNumbers)).ToDictionary(application => application.RegistryNumber);

    /// <summary>Stores versions with their receipts and messages, at most 500 at a time.</summary>
    public static async Task Store(
        NpgsqlConnection connection, string period, IReadOnlyList<NewVersion> versions, DateTimeOffset now, Caller by, CancellationToken cancellationToken)
    {
        await connection.Execute("""
            with new as (
                select registry_number, ticket, version, cluster, string_to_array(list, ',') as preferences, withdrawn, digest
                from unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::bool[], $8::text[])
                    as new (registry_number, ticket, version, cluster, list, withdrawn, digest)),
            kept as (
                insert into receipts (period, registry_number, version, cluster, preferences, withdrawn, received_at, digest, acted_by, act_reason)
                select $1, registry_number, version, cluster, preferences, withdrawn, $9, digest, $10, $11 from new)
            insert into applications (period, registry_number, ticket, version, cluster, preferences, withdrawn, received_at, digest)
            select $1, registry_number, ticket, version, cluster, preferences, withdrawn, $9, digest from new
            on conflict (period, registry_number) do update set version = excluded.version, cluster = excluded.cluster,
                preferences = excluded.preferences, withdrawn = excluded.withdrawn, received_at = excluded.received_at, digest = excluded.digest
            """, cancellationToken, period,
            versions.Select(version => version.RegistryNumber).ToArray(), versions.Select(version => version.Ticket).ToArray(),
            versions.Select(version => version.Version).ToArray(), versions.Select(version => version.Cluster).ToArray(),
            versions.Select(version => string.Join(',', version.Preferences)).ToArray(), versions.Select(version => version.Withdrawn).ToArray(),
            versions.Select(version => version.Digest).ToArray(), now, by.ActedBy, by.ActReason);
        await connection.Publish(Messages(period, versions, now), cancellationToken);
    }

    static IEnumerable<object> Messages(string period, IReadOnlyList<NewVersion> versions, DateTimeOffset now)
    {
        var holders = versions.Where(version => version.NewTicket).Select(version => new TicketHolder(version.Ticket, version.RegistryNumber)).ToArray();
        if (holders.Length > 0)
        {
            yield return new TicketsIssued(period, holders);
        }
        yield return new ApplicationsReceived(period,
            [.. versions.Select(version => new ApplicationVersion(version.Ticket, version.Version, version.Cluster, version.Preferences, version.Withdrawn, now, version.Digest))]);
    }
}
