using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Notifications.News;
using EPimorfosi.Notifications.Sending;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Notifications.Templates;

/// <summary>The periods and programmes that some messages name, as far as they are known here.</summary>
public record CatalogueExtract(
    IReadOnlyDictionary<string, Period> Periods, IReadOnlyDictionary<(string Period, string Code), Programme> Programmes, IReadOnlyDictionary<Guid, Announcement>? Announcements = null)
{
    public bool HasAllOf(DueMessage message) => message.Period is not { } period
        ? message.Facts is not AnnouncementFacts { Id: var id } || Announcements?.ContainsKey(id) == true
        : (Periods.ContainsKey(period) && message.Programmes.All(code => Programmes.ContainsKey((period, code))));

    public static async Task<CatalogueExtract> Read(NpgsqlDataSource database, IDbContextFactory<NotificationsDb> contexts, IReadOnlyCollection<DueMessage> messages, CancellationToken cancel)
    {
        var wanted = messages.Where(m => m.Period is not null)
            .SelectMany(m => m.Programmes.Select(code => (Period: m.Period!, Code: code))).Distinct().ToList();
        var periods = new Dictionary<string, Period>();
        await using var command = database.CreateCommand("""
            select code, null, body::text from periods where code = any($1)
            union all
            select p.code, p.period, p.body::text from programmes p
            join unnest($2, $3) as w(period, code) on w.period = p.period and w.code = p.code
            """);
        command.Parameters.Add(new() { Value = messages.Select(m => m.Period).OfType<string>().Distinct().ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Period).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(w => w.Code).ToArray() });
        var programmes = new Dictionary<(string, string), Programme>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            if (rows.IsDBNull(1))
            {
                periods[rows.GetString(0)] = JsonSerializer.Deserialize<Period>(rows.GetString(2), Outbox.Json)!;
            }
            else
            {
                programmes[(rows.GetString(1), rows.GetString(0))] = JsonSerializer.Deserialize<Programme>(rows.GetString(2), Outbox.Json)!;
            }
        }
        await rows.CloseAsync();
        var ids = messages.Select(m => m.Facts).OfType<AnnouncementFacts>().Select(a => a.Id).Distinct().ToList();
        if (ids.Count == 0)
        {
            return new(periods, programmes);
        }
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return new(periods, programmes, await db.Announcements.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancel));
    }
}
