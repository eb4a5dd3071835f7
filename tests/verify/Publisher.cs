using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EPimorfosi.Verify.Tests;

/// <summary>Stands behind the gateway and publishes a draw's files, as allocation and programmes would.</summary>
public sealed class Publisher : IAsyncDisposable
{
    const string PeriodPath = $"/api/periods/{Published.Period}", DrawPath = $"/api/draws/{Published.Period}";
    const string About = """
        {"code":"B2-2023-2","title":{"el":"2η περίοδος Β2, Μάρτιος – Ιούνιος 2023","en":"2nd B2 period, March – June 2023"},"firstDay":"2023-03-06","lastDay":"2023-06-30",
         "phaseA":{"opens":"2023-01-09T06:00:00Z","closes":"2023-01-20T21:59:59Z"},"drawAt":"2023-01-23T10:00:00Z","phaseB":{"opens":"2023-01-25T10:00:00Z","closes":"2023-01-30T21:59:59Z"},
         "enrolment":{"opens":"2023-01-31T06:00:00Z","closes":"2023-02-06T21:59:59Z"},"groupMinimum":10,"groupMaximum":15,"policy":{"phaseBScope":"AnyVacancy","upgrade":true}}
        """;

    readonly WebApplication server;

    Publisher(WebApplication server) => this.server = server;

    public string Address => server.Urls.First();

    /// <summary>Null: not published yet.</summary>
    public IReadOnlyDictionary<string, byte[]>? Files { get; set; }

    public static async Task<Publisher> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var publisher = new Publisher(builder.Build());
        publisher.server.Run(publisher.Answer);
        await publisher.server.StartAsync();
        return publisher;
    }

    Task Answer(HttpContext context) => context.Request.Path.Value switch
    {
        "/api/periods" => Json(context, $$"""{"items":[{{About}}],"page":1,"pageSize":50,"total":1}"""),
        PeriodPath => Json(context, About),
        DrawPath => Json(context, """{"number":1,"state":"Published","applications":500,"programmes":2}"""),
        DrawPath + "/bundle.zip" when Files is { } files => Bytes(context, Zip(files.Where(file => file.Key != "log.txt"))),
        $"/api/seats/{Published.Period}/log.txt" when Files?.TryGetValue("log.txt", out var log) == true => Bytes(context, log),
        DrawPath + "/bundle.zip" => Status(context, 409),
        _ => Status(context, 404),
    };

    public static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> files, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    static Task Json(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    static Task Bytes(HttpContext context, byte[] bytes) => context.Response.Body.WriteAsync(bytes).AsTask();

    static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}
