using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace EPimorfosi.Load;

/// <summary>A span as it was exported.</summary>
/// <param name="Start">Since 1970.</param>
public sealed record TracedSpan(string Service, string TraceId, string SpanId, string ParentId, string Name, TimeSpan Start, TimeSpan Took);

/// <summary>Takes in what the processes export by OTLP (http/protobuf), and remembers the spans.</summary>
public sealed class TraceCatcher : IAsyncDisposable
{
    readonly ConcurrentQueue<TracedSpan> spans = new();
    readonly WebApplication server;

    TraceCatcher(WebApplication server) => this.server = server;

    public string Endpoint => server.Urls.First();

    public IReadOnlyList<TracedSpan> Spans => [.. spans];

    /// <param name="address">Where to listen; a free port if it is not said.</param>
    public static async Task<TraceCatcher> StartAsync(Uri? address = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = address?.GetLeftPart(UriPartial.Authority) ?? "http://127.0.0.1:0";
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
        var catcher = new TraceCatcher(builder.Build());
        catcher.server.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            catcher.Take(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        catcher.server.MapPost("/v1/{what}", (string what) => Results.Bytes([], "application/x-protobuf"));
        await catcher.server.StartAsync();
        return catcher;
    }

    /// <summary>opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest, of which only the fields named here are read.</summary>
    void Take(byte[] request)
    {
        foreach (var resourceSpans in Fields(request).Where(field => field.Number == 1))
        {
            var parts = Fields(resourceSpans.Bytes).ToList();
            var service = parts.Where(part => part.Number == 1).SelectMany(resource => Fields(resource.Bytes)).Where(field => field.Number == 1)
                .Select(attribute => Fields(attribute.Bytes).ToList())
                .Where(pair => pair[0].Text == "service.name").Select(pair => Fields(pair[1].Bytes).First().Text).FirstOrDefault() ?? "";
            foreach (var span in parts.Where(part => part.Number == 2).SelectMany(scope => Fields(scope.Bytes)).Where(field => field.Number == 2).Select(field => Fields(field.Bytes).ToLookup(part => part.Number)))
            {
                var start = span[7].First().Time;
                spans.Enqueue(new(service, Hex(span[1]), Hex(span[2]), Hex(span[4]), span[5].First().Text, start, span[8].First().Time - start));
            }
        }
    }

    static string Hex(IEnumerable<Field> fields) => Convert.ToHexStringLower(fields.FirstOrDefault().Bytes ?? []);

    static IEnumerable<Field> Fields(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited:
                    yield return new(number, input.ReadBytes().ToByteArray());
                    break;
                case WireFormat.WireType.Fixed64:
                    yield return new(number, [], input.ReadFixed64());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    readonly record struct Field(int Number, byte[] Bytes, ulong Fixed = 0)
    {
        /// <summary>Of nanoseconds.</summary>
        public TimeSpan Time => new((long)(Fixed / 100));

        public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}: {Bytes.Length} bytes");
    }
}
