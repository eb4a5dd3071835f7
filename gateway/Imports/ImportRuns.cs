using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using EPimorfosi.Defaults;
using EPimorfosi.Gateway.Accounts;
using EPimorfosi.Gateway.Services;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Gateway.Imports;

/// <summary>
/// Takes files in and sends them to their service, first to be looked at and then, at a word, to be imported. A file is sent in the name of who acts; what happens to it is
/// in the database, so that any replica can tell. A run whose process died has changed nothing (the service takes a file whole or not at all) and says so.
/// </summary>
sealed class ImportRuns(IDbContextFactory<GatewayDb> contexts, IHttpClientFactory clients, Sessions sessions, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ImportRuns> log)
{
    internal const string Client = "imports-";
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(30), Kept = TimeSpan.FromDays(7), Step = TimeSpan.FromMilliseconds(400);

    public async Task<ImportRun> Take(ImportKinds.Kind kind, string? period, IFormFile file, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await file.CopyToAsync(gzip, cancellationToken);
        }
        var now = clock.GetUtcNow();
        var run = new ImportRun
        {
            Kind = kind.Name,
            Period = kind.OfPeriod ? period : null,
            FileName = Path.GetFileName(file.FileName),
            Size = file.Length,
            Content = packed.ToArray(),
            Account = user.Subject(),
            Person = user.DisplayName(),
            CreatedAt = now,
            SeenAt = now,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Imports.Where(old => old.CreatedAt < now - Kept).ExecuteDeleteAsync(cancellationToken);
        db.Imports.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        return run;
    }

    /// <summary>Without the file.</summary>
    public async Task<ImportRun?> Find(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Heads(db.Imports.Where(run => run.Id == id)).SingleOrDefaultAsync(cancellationToken) is { } run ? Seen(run) : null;
    }

    public async Task<IReadOnlyList<ImportRun>> Latest(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await Heads(db.Imports.OrderByDescending(run => run.CreatedAt).Take(20)).ToListAsync(cancellationToken)).Select(Seen)];
    }

    static IQueryable<ImportRun> Heads(IQueryable<ImportRun> runs) => runs.AsNoTracking().Select(run => new ImportRun
    {
        Id = run.Id,
        Kind = run.Kind,
        Period = run.Period,
        FileName = run.FileName,
        Size = run.Size,
        Account = run.Account,
        Person = run.Person,
        CreatedAt = run.CreatedAt,
        State = run.State,
        Partial = run.Partial,
        Read = run.Read,
        SeenAt = run.SeenAt,
        Report = run.Report,
        Problem = run.Problem,
        FinishedAt = run.FinishedAt,
    });

    ImportRun Seen(ImportRun run)
    {
        if (run.IsUnderWay && clock.GetUtcNow() - run.SeenAt > Silence)
        {
            (run.State, run.Problem) = (ImportState.Refused, Interrupted);
        }
        return run;
    }

    internal const string Interrupted = "interrupted";

    /// <summary>Begins to send the file; who asked waits a little, in case it is short.</summary>
    /// <returns>False if somebody else said a word first.</returns>
    public async Task<bool> Send(Guid id, ClaimsPrincipal user, bool import, bool partial, TimeSpan wait, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (from, to) = import ? (ImportState.Checked, ImportState.Importing) : (ImportState.Checking, ImportState.Checking);
        var mine = await db.Imports.Where(run => run.Id == id && run.State == from && run.Content != null).ExecuteUpdateAsync(run => run
            .SetProperty(r => r.State, to).SetProperty(r => r.Partial, partial).SetProperty(r => r.Read, 0).SetProperty(r => r.SeenAt, now), cancellationToken);
        if (mine == 0)
        {
            return false;
        }
        var run = await db.Imports.AsNoTracking().SingleAsync(r => r.Id == id, cancellationToken);
        var token = (await sessions.Of(user, cancellationToken))?.Token;
        var language = Language.IsGreek ? "el" : "en";
        var sending = Task.Run(() => Run(run, token, language, import, partial), CancellationToken.None);
        await Task.WhenAny(sending, Task.Delay(wait, cancellationToken));
        return true;
    }

    public async Task GiveUp(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Imports.Where(run => run.Id == id && run.State == ImportState.Checked).ExecuteUpdateAsync(run => run
            .SetProperty(r => r.State, ImportState.GivenUp).SetProperty(r => r.Content, (byte[]?)null).SetProperty(r => r.FinishedAt, clock.GetUtcNow()), cancellationToken);
    }

    async Task Run(ImportRun run, string? token, string language, bool import, bool partial)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        using var file = new MemoryStream(run.Content!);
        await using var plain = new GZipStream(file, CompressionMode.Decompress);
        await using var counted = new Counted(plain);
        var telling = Tell(run.Id, counted, stop.Token);
        try
        {
            var (report, problem) = await Ask(run, counted, token, language, import, partial, stop.Token);
            await Finish(run.Id, report, problem, import);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            log.LogWarning("Import {Id} was interrupted: {Reason}", run.Id, fault.Message);
            await Finish(run.Id, null, Interrupted, import);
        }
        finally
        {
            await stop.CancelAsync();
            await telling;
        }
    }

    async Task<(string? Report, string? Problem)> Ask(ImportRun run, Stream file, string? token, string language, bool import, bool partial, CancellationToken cancellationToken)
    {
        var kind = ImportKinds.Of(run.Kind)!;
        using var client = clients.CreateClient(Client + kind.Service);
        var query = QueryString.Create(new Dictionary<string, string?> { ["period"] = run.Period, ["preview"] = import ? null : "true", ["partial"] = partial ? "true" : null }.Where(pair => pair.Value is not null));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(kind.Path + query, UriKind.Relative)) { Content = new StreamContent(file) };
        request.Content.Headers.ContentType = new("text/csv");
        request.Content.Headers.ContentLength = run.Size;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            return (text, null);
        }
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.TryGetProperty("rejected", out _)
            ? (text, problem.RootElement.GetProperty("title").GetString())
            : (null, $"{Text(problem, "title")} {Text(problem, "detail")}".Trim());

        static string? Text(JsonDocument problem, string name) => problem.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>How far it is, into the database.</summary>
    async Task Tell(Guid id, Counted file, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Step, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            await db.Imports.Where(run => run.Id == id).ExecuteUpdateAsync(run => run.SetProperty(r => r.Read, file.Count).SetProperty(r => r.SeenAt, clock.GetUtcNow()), CancellationToken.None);
        }
    }

    async Task Finish(Guid id, string? report, string? problem, bool import)
    {
        var state = problem is not null ? ImportState.Refused : import ? ImportState.Done : ImportState.Checked;
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await db.Imports.Where(run => run.Id == id).ExecuteUpdateAsync(run => run
            .SetProperty(r => r.State, state).SetProperty(r => r.Report, report).SetProperty(r => r.Problem, problem).SetProperty(r => r.FinishedAt, clock.GetUtcNow())
            .SetProperty(r => r.Content, r => state == ImportState.Checked ? r.Content : null), CancellationToken.None);
    }

    /// <summary>A stream that knows how much of it has been read.</summary>
    sealed class Counted(Stream inner) : Stream
    {
        long count;

        public long Count => Interlocked.Read(ref count);
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Add(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Add(await inner.ReadAsync(buffer, cancellationToken));

        int Add(int read)
        {
            Interlocked.Add(ref count, read);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
