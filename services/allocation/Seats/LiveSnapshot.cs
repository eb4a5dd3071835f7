using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;

namespace EPimorfosi.Allocation.Seats;

/// <summary>Which state of the database it is, the same on every replica: the draw, the head of the claim log, the catalogue.</summary>
/// <param name="Catalogue">Sum of the programmes' versions.</param>
public sealed record SeatEdition(int Draw, long Lines, string Hash, long Catalogue)
{
    public override string ToString() => FormattableString.Invariant($"{Draw}-{Lines}-{Hash[..Math.Min(12, Hash.Length)]}-{Catalogue}");
}

/// <param name="Cancelled">By the rescue (R27).</param>
public readonly record struct SeatCount(int Members, int Offered, bool Cancelled);

/// <summary>A programme's seats, and the first revision that has them so.</summary>
public sealed record LiveSeat(SeatStatus Status, long Revision);

/// <summary>
/// A period's seats at one moment of the database. A reader who knows a revision is told what changed since without anything being kept for them:
/// each programme has the revision of its own last change. What many ask for is written out once.
/// </summary>
public sealed class LiveSnapshot(SeatEdition edition, long revision, IReadOnlyList<Programme> catalogue, IReadOnlyList<LiveSeat> seats, JsonSerializerOptions json)
{
    const int MostPages = 64;
    readonly ConcurrentDictionary<(string? Cluster, int Page, int PageSize), byte[]> pages = new();
    readonly Lazy<byte[]> all = new(() => Event(0, edition, seats, json));
    readonly Lazy<byte[]> last = new(() => Event(revision - 1, edition, seats, json));

    public SeatEdition Edition => edition;

    /// <summary>From 1, counted by this replica: grows when a programme's seats change.</summary>
    public long Revision => revision;

    public IReadOnlyList<Programme> Catalogue => catalogue;

    public static LiveSnapshot Next(
        LiveSnapshot? before, SeatEdition edition, IReadOnlyList<Programme> catalogue, Dictionary<string, SeatCount> counts, JsonSerializerOptions json)
    {
        var known = before?.Seats.ToDictionary(seat => seat.Status.Programme, StringComparer.Ordinal);
        var revision = (before?.Revision ?? 0) + 1;
        var seats = catalogue.Select(programme =>
        {
            var status = SeatStatus.Of(programme, counts.GetValueOrDefault(programme.Code));
            return known?.GetValueOrDefault(programme.Code) is { } same && same.Status == status ? same : new LiveSeat(status, revision);
        }).OrderBy(seat => seat.Status.Cancelled).ThenByDescending(seat => seat.Status.BelowMinimum).ThenBy(seat => seat.Status.Free == 0).ThenBy(seat => seat.Status.Programme, StringComparer.Ordinal).ToArray();
        return new(edition, seats.Any(seat => seat.Revision == revision) || before is null ? revision : before.Revision, catalogue, seats, json);
    }

    IReadOnlyList<LiveSeat> Seats => seats;

    /// <summary>A page of the answer in UTF-8, below minimum first.</summary>
    public byte[] Page(string? cluster, int page, int pageSize)
    {
        var key = (cluster, page, pageSize);
        if (!pages.TryGetValue(key, out var bytes))
        {
            var asked = seats.Select(seat => seat.Status).Where(seat => cluster is null || seat.Cluster == cluster).ToList();
            bytes = JsonSerializer.SerializeToUtf8Bytes(
                new Paged<SeatStatus>([.. asked.Skip((int)Math.Min((page - 1L) * pageSize, int.MaxValue)).Take(pageSize)], page, pageSize, asked.Count), json);
            if (pages.Count < MostPages)
            {
                pages[key] = bytes;
            }
        }
        return bytes;
    }

    /// <summary>The server-sent event with what changed after a revision; 0 for all.</summary>
    public ReadOnlyMemory<byte> Since(long known) =>
        known == 0 ? all.Value : known == revision - 1 ? last.Value : Event(known, edition, seats, json);

    static byte[] Event(long known, SeatEdition edition, IReadOnlyList<LiveSeat> seats, JsonSerializerOptions json) =>
        Encoding.UTF8.GetBytes($"event: seats\nid: {edition}\ndata: {JsonSerializer.Serialize(seats.Where(seat => seat.Revision > known).Select(seat => SeatChange.Of(seat.Status)), json)}\n\n");
}

/// <summary>A programme's seats as the stream tells of them.</summary>
/// <param name="Offered">R25: seats held back for a runner-up who has not yet answered.</param>
/// <param name="Needed">How many more the programme needs to run.</param>
/// <param name="Cancelled">R27: it does not run.</param>
public sealed record SeatChange(string Programme, int Members, int Offered, int Free, int Needed, bool BelowMinimum, bool Cancelled)
{
    internal static SeatChange Of(SeatStatus seat) => new(seat.Programme, seat.Members, seat.Offered, seat.Free, seat.Needed, seat.BelowMinimum, seat.Cancelled);
}
