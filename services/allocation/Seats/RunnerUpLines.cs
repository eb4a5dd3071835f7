using Npgsql;

namespace EPimorfosi.Allocation.Seats;

/// <summary>
/// The runners-up of a published draw who are in line for a seat that frees (R25), by programme in draw order: those whom the draw gave nothing,
/// or a seat in a programme that it left below its minimum (R20, R26). It never changes; who is served or drops out is passed over.
/// </summary>
public sealed class RunnerUpLines(IReadOnlyDictionary<string, IReadOnlyList<string>> tickets)
{
    public static RunnerUpLines None { get; } = new(new Dictionary<string, IReadOnlyList<string>>());

    public IReadOnlyList<string> Of(string programme) => tickets.GetValueOrDefault(programme, []);

    /// <param name="upgrade">R26: also those placed move up.</param>
    public static async Task<RunnerUpLines> Read(NpgsqlConnection connection, string period, int draw, bool upgrade, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select listed.code, o.ticket
            from outcomes o join applications a on a.period = o.period and a.ticket = o.ticket
            left join drawn_programmes got on got.period = o.period and got.draw = o.draw and got.code = o.programme collate "C",
            unnest(a.preferences, o.runner_up) as listed (code, position)
            where o.period = $1 and o.draw = $2 and listed.position > 0 and ($3 or o.programme is null or got.below_minimum)
            order by listed.code collate "C", listed.position
            """, connection)
        { Parameters = { new() { Value = period }, new() { Value = draw }, new() { Value = upgrade } }, CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var (lines, tickets) = (new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        var (programme, line) = ("", new List<string>());
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.GetString(0) is var code && code != programme)
            {
                lines[code] = line = [];
                programme = code;
            }
            var ticket = rows.GetString(1);
            line.Add(tickets.TryGetValue(ticket, out var known) ? known : tickets[ticket] = ticket); // one string a ticket
        }
        return new(lines);
    }
}

/// <summary>The lines of published draws, read once.</summary>
public sealed class PublishedLines
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<(string Period, int Draw, bool Upgrade), RunnerUpLines> known = [];

    public async Task<RunnerUpLines> Of(NpgsqlConnection connection, string period, int draw, bool upgrade, CancellationToken cancellationToken) =>
        known.TryGetValue((period, draw, upgrade), out var lines)
            ? lines
            : known[(period, draw, upgrade)] = await RunnerUpLines.Read(connection, period, draw, upgrade, cancellationToken);
}
