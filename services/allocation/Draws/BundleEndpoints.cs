using EPimorfosi.Allocation.Lists;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
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
        draw.MapGet("/applications.txt", (string period, Files files, CancellationToken cancel, [FromQuery(Name = "draw")] int? number = null) =>
            files.List(period, number, (connection, of) => CanonicalLists.ApplicationLines(connection, period, of, cancel), cancel));
        draw.MapGet("/programmes.txt", (string period, Files files, CancellationToken cancel) =>
            files.List(period, null, (connection, _) => CanonicalLists.ProgrammeLines(connection, period, cancel), cancel));
        draw.MapGet("/struck.txt", (string period, Files files, CancellationToken cancel, [FromQuery(Name = "draw")] int? number = null) =>
            files.List(period, number, (connection, of) => Bundle.StruckLines(connection, period, of, cancel), cancel));
        draw.MapGet("/results.txt", (string period, Files files, CancellationToken cancel, [FromQuery(Name = "draw")] int? number = null) =>
            files.Outcome(period, number, Text, (connection, turn, of, stream) => Bundle.Write(Bundle.ResultLines(connection, of, cancel), stream, cancel), cancel));
        draw.MapGet("/draw.json", (string period, Files files, CancellationToken cancel, [FromQuery(Name = "draw")] int? number = null) =>
            files.Outcome(period, number, "application/json", (_, turn, of, stream) =>
                stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Bundle.DrawJson(turn, of)), cancel).AsTask(), cancel));
        draw.MapGet("/bundle.zip", (string period, HttpContext context, Files files, CancellationToken cancel, [FromQuery(Name = "draw")] int? number = null) =>
        {
            AllowZip(context);
            return files.Outcome(period, number, "application/zip", (connection, turn, of, stream) =>
                Bundle.Zip(Bundle.Files(connection, turn, of, cancel), of.DrawnAt!.Value, stream, cancel), cancel,
                of => of.Number == 1 ? $"{period}-bundle.zip" : $"{period}-bundle-{of.Number}.zip");
        });
    }

    /// <summary>ZipArchive closes each file's deflate stream synchronously, even when disposed asynchronously.</summary>
    internal static void AllowZip(HttpContext context) => context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;

    /// <summary>Gives a file when its time has come.</summary>
    internal sealed class Files(AllocationDb db, NpgsqlDataSource source, IStringLocalizer<Texts> text)
    {
        /// <summary>A list as it stands for a draw; 0 for as it was announced, null for the current draw.</summary>
        public async Task<IResult> List(string period, int? number, Func<NpgsqlConnection, int, IAsyncEnumerable<string>> lines, CancellationToken cancellationToken)
        {
            await using var turn = await Turn.Look(db, period, cancellationToken);
            return turn is null ? CeremonyEndpoints.UnknownPeriod(text, period)
                : number < 0 || number > turn.Number ? Problems.Refuse(404, "unknown-draw", text["UnknownDraw", number!])
                : turn.Book.FrozenAt is null ? Problems.Refuse(409, "lists-not-frozen", text["NotFrozen"], text["OutOfOrder", text[$"State.{turn.State}"].Value], "R17")
                : Stream(Text, (connection, stream) => Bundle.Write(lines(connection, number ?? turn.Number), stream, cancellationToken), cancellationToken);
        }

        /// <summary>What tells a published draw's outcome.</summary>
        public async Task<IResult> Outcome(
            string period, int? number, string type, Func<NpgsqlConnection, Turn, Ceremony, Stream, Task> write, CancellationToken cancellationToken,
            Func<Ceremony, string>? name = null)
        {
            await using var turn = await Turn.Look(db, period, cancellationToken);
            if (turn is null)
            {
                return CeremonyEndpoints.UnknownPeriod(text, period);
            }
            var (draw, refusal) = DrawEndpoints.Published(turn, number, text);
            return draw is null ? refusal! : Stream(type, (connection, stream) => write(connection, turn, draw, stream), cancellationToken, name?.Invoke(draw));
        }

        public IResult Stream(string type, Func<NpgsqlConnection, Stream, Task> write, CancellationToken cancellationToken, string? name = null) =>
            TypedResults.Stream(async stream =>
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                await write(connection, stream);
            }, type, name);
    }
}
