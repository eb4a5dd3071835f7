using EPimorfosi.Allocation.Lists;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace EPimorfosi.Allocation.Draws;

/// <summary>Computes a committed draw from the frozen book and stores it; nothing of it is public yet.</summary>
public static class DrawRun
{
    public static async Task Run(AllocationDb db, Turn turn, DrandRound? round, DateTimeOffset now, string by, CancellationToken cancellationToken)
    {
        var draw = turn.Draw!;
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var programmes = await CanonicalLists.Programmes(connection, draw.Period, cancellationToken);
        var book = new DrawBook(programmes.Select(programme => new DrawProgramme(programme.Code, programme.Minimum, programme.Maximum)));
        await foreach (var (ticket, _, preferences) in CanonicalLists.Applications(connection, draw.Period, draw.Number, cancellationToken))
        {
            book.Add(ticket, preferences);
        }
        var randomness = round?.Randomness ?? Seed.Randomness(turn.Custodians.Select(custodian => custodian.Reveal!));
        var seed = Seed.Of(draw.Period, draw.ApplicationsSha256, draw.ProgrammesSha256, draw.Source, randomness);
        var result = Draw.Run(book, seed);
        draw.Run(randomness, Convert.ToHexStringLower(seed), round, now, by);
        await Store(connection, draw, result, cancellationToken);
    }

    static async Task Store(NpgsqlConnection connection, Ceremony draw, DrawResult result, CancellationToken cancellationToken)
    {
        await using (var rows = await connection.BeginBinaryImportAsync(
            "copy outcomes (period, draw, place, ticket, programme, rank, runner_up) from stdin (format binary)", cancellationToken))
        {
            for (var place = 1; place <= result.Order.Length; place++)
            {
                var application = result.Order[place - 1];
                await rows.StartRowAsync(cancellationToken);
                await rows.WriteAsync(draw.Period, cancellationToken);
                await rows.WriteAsync(draw.Number, cancellationToken);
                await rows.WriteAsync(place, cancellationToken);
                await rows.WriteAsync(result.Book.Tickets[application], cancellationToken);
                await rows.WriteAsync(result.Seat[application] is >= 0 and var seat ? result.Book.Programmes[seat].Code : null, NpgsqlDbType.Text, cancellationToken);
                await rows.WriteAsync(result.Rank(application), cancellationToken);
                await rows.WriteAsync(result.RunnerUpOf(application).ToArray(), cancellationToken);
            }
            await rows.CompleteAsync(cancellationToken);
        }
        await using var after = await connection.BeginBinaryImportAsync(
            "copy drawn_programmes (period, draw, code, members, cut_off, runners_up, below_minimum) from stdin (format binary)", cancellationToken);
        foreach (var (number, programme) in result.Book.Programmes.Index())
        {
            await after.StartRowAsync(cancellationToken);
            await after.WriteAsync(draw.Period, cancellationToken);
            await after.WriteAsync(draw.Number, cancellationToken);
            await after.WriteAsync(programme.Code, cancellationToken);
            await after.WriteAsync(result.Members[number], cancellationToken);
            await after.WriteAsync(result.CutOff[number] is > 0 and var cutOff ? cutOff : (int?)null, NpgsqlDbType.Integer, cancellationToken);
            await after.WriteAsync(result.RunnersUp[number], cancellationToken);
            await after.WriteAsync(result.Members[number] < programme.Minimum, cancellationToken);
        }
        await after.CompleteAsync(cancellationToken);
    }
}
