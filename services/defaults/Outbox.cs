using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using EPimorfosi.Contracts;

namespace EPimorfosi.Defaults;

/// <summary>The form of a message on its way: how it is written, and which type it was.</summary>
public static class Outbox
{
    /// <summary>The columns of a row for writers that use COPY or unnest: <c>outbox(id, type, body, traceparent, created_at)</c>.</summary>
    public const string Columns = "id, type, body, traceparent, created_at";

    /// <summary>JSON of messages, in the outbox and on the bus: camelCase, enums by name, Greek left readable.</summary>
    public static JsonSerializerOptions Json { get; } = Configure(new(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.Converters.Add(new JsonStringEnumConverter());
        return options;
    }

    /// <summary>A row for a message of the contracts, carrying the trace that is going on.</summary>
    public static OutboxMessage Row(object message) => new()
    {
        Id = Guid.CreateVersion7(),
        Type = message.GetType().FullName!,
        Body = JsonSerializer.Serialize(message, message.GetType(), Json),
        Traceparent = Telemetry.Traceparent,
        CreatedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>The message of a row; throws <see cref="JsonException"/> for a type or a body that is not of the contracts.</summary>
    internal static object Message(string type, string body) =>
        typeof(ConsumedByAttribute).Assembly.GetType(type) is { } known
            ? JsonSerializer.Deserialize(body, known, Json) ?? throw new JsonException("The body is null.")
            : throw new JsonException($"{type} is not a message of the contracts.");
}
