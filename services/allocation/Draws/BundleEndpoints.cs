using EPimorfosi.Allocation.Lists;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace EPimorfosi.Allocation.Draws;

/// <summary>The public files: the lists from the freeze on, what tells the outcome from the publication on.</summary>
public static class BundleEndpoints
{
    const string Text = "text/plain; charset=utf-8";

    public static void MapBundle(this IEndpointRouteBuilder routes)
    {
        var draw = routes.MapGroup("/api/draws/{period}").WithTags("Draw").AllowAnonymous();
        draw.MapGet("/applications.txt", Applications);
        draw.MapGet("/programmes.txt", Programmes);
        draw.MapGet("/results.txt", Results);
        draw.MapGet("/draw.json", Json);
        draw.MapGet("/bundle.zip", Zip);
    }

    static Task<IResult> Applications(string period, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        Give(period, DrawState.Frozen, Text, db, source, text,
            (_, connection, stream) => Bundle.Write(CanonicalLists.ApplicationLines(connection, period, cancellationToken), stream, cancellationToken), cancellationToken);

    static Task<IResult> Programmes(string period, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        Give(period, DrawState.Frozen, Text, db, source, text,
            (_, connection, stream) => Bundle.Write(CanonicalLists.ProgrammeLines(connection, period, cancellationToken), stream, cancellationToken), cancellationToken);

    static Task<IResult> Results(string period, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        Give(period, DrawState.Published, Text, db, source, text,
            (turn, connection, stream) => Bundle.Write(Bundle.ResultLines(connection, turn.Draw!, cancellationToken), stream, cancellationToken), cancellationToken);

    static Task<IResult> Json(string period, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        Give(period, DrawState.Published, "application/json", db, source, text,
            (turn, _, stream) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Bundle.DrawJson(turn.Draw!, turn.Custodians)), cancellationToken).AsTask(), cancellationToken);

    static Task<IResult> Zip(string period, HttpContext context, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text, CancellationToken cancellationToken)
    {
        // ZipArchive closes each file's deflate stream synchronously, even when disposed asynchronously.
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return Give(period, DrawState.Published, "application/zip", db, source, text,
            (turn, connection, stream) => Bundle.Zip(connection, turn.Draw!, turn.Custodians, stream, cancellationToken), cancellationToken, $"{period}-bundle.zip");
    }

    static async Task<IResult> Give(
        string period, DrawState from, string type, AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text,
        Func<Turn, NpgsqlConnection, Stream, Task> write, CancellationToken cancellationToken, string? file = null)
    {
        await using var turn = await Turn.Look(db, period, cancellationToken);
        if (turn is null)
        {
            return CeremonyEndpoints.UnknownPeriod(text, period);
        }
        if (turn.State < from)
        {
            var state = text["OutOfOrder", text[$"State.{turn.State}"].Value];
            return from == DrawState.Frozen
                ? Problems.Refuse(409, "lists-not-frozen", text["NotFrozen"], state, "R17")
                : Problems.Refuse(409, "draw-not-published", text["NotPublished"], state, "R17");
        }
        return TypedResults.Stream(async stream =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await write(turn, connection, stream);
        }, type, file);
    }
}
