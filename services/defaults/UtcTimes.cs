using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EPimorfosi.Defaults;

/// <summary>Times of the public interface: ISO 8601 in UTC with a <c>Z</c>, in fractions of a second only where there are any (R30).</summary>
sealed class UtcTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}
