using EPimorfosi.Allocation.Seats;
using EPimorfosi.Contracts.Allocation;
using EPimorfosi.Defaults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>Makes a stored draw public in one transaction: its state, the outcomes to everybody (R29), the seats phase B begins with.</summary>
public sealed class Publication(NpgsqlDataSource source)
{
    const int BatchSize = 500;

    public async Task Publish(AllocationDb db, Ceremony draw, DateTimeOffset now, string by, CancellationToken cancellationToken)
    {
        var programmes = await db.DrawnProgrammes.AsNoTracking().Where(programme => programme.Period == draw.Period && programme.Draw == draw.Number)
            .ToDictionaryAsync(programme => programme.Code, cancellationToken);
        await SendOutcomes((NpgsqlConnection)db.Database.GetDbConnection(), draw, programmes, cancellationToken);
        await db.Seats.Where(seat => seat.Period == draw.Period).ExecuteDeleteAsync(cancellationToken); // those of a draw before
        var seated = await db.Database.ExecuteSqlAsync($"""
            insert into seats (period, ticket, programme)
            select period, ticket, programme from outcomes where period = {draw.Period} and draw = {draw.Number} and programme is not null
            """, cancellationToken);
        db.SeatHeads.Add(new() { Period = draw.Period, Draw = draw.Number, NextOrder = 1, Lines = 0, Hash = SeatLog.Genesis });
        draw.Publish(now, by);
        db.Publish(new ResultsPublished(draw.Period, draw.Number, draw.Applications, seated,
            [.. programmes.Values.Where(programme => programme.BelowMinimum).Select(programme => programme.Code).Order(StringComparer.Ordinal)], now));
        await db.Database.ExecuteSqlAsync($"select pg_notify('seat_requests', {draw.Period}), pg_notify('seats', {draw.Period})", cancellationToken);
    }

    /// <summary>Read on one connection and written on the transaction's as it comes, so that memory does not grow with the list.</summary>
    async Task SendOutcomes(NpgsqlConnection transaction, Ceremony draw, Dictionary<string, DrawnProgramme> programmes, CancellationToken cancellationToken)
    {
        await using var reading = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            select o.ticket, o.place, o.programme, o.rank, a.preferences, o.runner_up
            from outcomes o join applications a on a.period = o.period and a.ticket = o.ticket
            where o.period = $1 and o.draw = $2 order by o.place
            """, reading) { Parameters = { new() { Value = draw.Period }, new() { Value = draw.Number } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        await using var outbox = await transaction.BeginBinaryImportAsync($"copy outbox ({Outbox.Columns}) from stdin (format binary)", cancellationToken);
        var batch = new List<Outcome>(BatchSize);
        while (await rows.ReadAsync(cancellationToken))
        {
            var programme = rows.IsDBNull(2) ? null : rows.GetString(2);
            batch.Add(new(rows.GetString(0), rows.GetInt32(1), programme, rows.GetInt32(3), programme is not null && programmes[programme].BelowMinimum,
                Choices(rows.GetFieldValue<string[]>(4), rows.GetFieldValue<int[]>(5), programmes)));
            if (batch.Count == BatchSize)
            {
                await Send(outbox, new(draw.Period, draw.Number, batch), cancellationToken);
                batch.Clear();
            }
        }
        if (batch.Count > 0)
        {
            await Send(outbox, new(draw.Period, draw.Number, batch), cancellationToken);
        }
        await outbox.CompleteAsync(cancellationToken);
    }

    static ChoiceOutcome[] Choices(string[] listed, int[] runnerUp, Dictionary<string, DrawnProgramme> programmes) =>
        [.. listed.Zip(runnerUp, (code, position) => new ChoiceOutcome(
            code, programmes[code].CutOff, position > 0 ? position : null, programmes[code].Members, programmes[code].RunnersUp))];

    static async Task Send(NpgsqlBinaryImporter outbox, OutcomesDecided message, CancellationToken cancellationToken)
    {
        var row = Outbox.Row(message);
        await outbox.StartRowAsync(cancellationToken);
        await outbox.WriteAsync(row.Id, cancellationToken);
        await outbox.WriteAsync(row.Type, cancellationToken);
        await outbox.WriteAsync(row.Body, NpgsqlTypes.NpgsqlDbType.Jsonb, cancellationToken);
        await outbox.WriteAsync(row.Traceparent, NpgsqlTypes.NpgsqlDbType.Text, cancellationToken);
        await outbox.WriteAsync(row.CreatedAt, cancellationToken);
    }
}
