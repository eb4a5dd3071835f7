using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;
using MassTransit.Serialization;

namespace EPimorfosi.Contracts.Tests;

/// <summary>
/// Each message as it travels, in <c>golden/</c>. Messages of an older version may still be in a queue, and services are not replaced at once:
/// a field may be added, here too, but none is ever renamed or removed.
/// </summary>
public class GoldenJson
{
    static readonly JsonSerializerOptions Bus = Outbox.Configure(new(SystemTextJsonMessageSerializer.Options) { WriteIndented = true, NewLine = "\n" });
    static readonly string Folder = Path.Combine(ProjectRoot.Path, "tests", "contracts", "golden");

    static readonly IReadOnlyList<Type> Types = [.. typeof(ConsumedByAttribute).Assembly.GetExportedTypes().Where(type => type.GetCustomAttribute<ConsumedByAttribute>() is not null)];

    public static TheoryData<string> Messages => [.. Types.Select(Name)];

    [Theory, MemberData(nameof(Messages))]
    public void A_message_travels_as_it_always_did(string message)
    {
        var (type, golden) = (Of(message), Golden(message));

        var read = JsonSerializer.Deserialize(golden, type, Bus);

        Assert.Equal(golden.TrimEnd('\n'), JsonSerializer.Serialize(read, type, Bus));
    }

    [Theory, MemberData(nameof(Messages))]
    public void Its_golden_file_shows_every_field(string message) =>
        Assert.Empty(Missing(Bus.GetTypeInfo(Of(message)), JsonDocument.Parse(Golden(message)).RootElement, message));

    [Theory, MemberData(nameof(Messages))]
    public void The_outbox_keeps_it_as_the_bus_carries_it(string message)
    {
        var body = JsonSerializer.Deserialize(Golden(message), Of(message), Bus)!;

        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Golden(message)).RootElement, JsonDocument.Parse(Outbox.Row(body).Body).RootElement));
    }

    [Fact]
    public void Every_golden_file_is_of_a_message() =>
        Assert.Equal(Types.Select(Name).Order(), Directory.GetFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order());

    [Fact]
    public void Every_message_has_a_namespace_a_name_of_its_own_and_a_consumer_that_exists()
    {
        string[] services = ["programmes", "applications", "allocation", "notifications", "gateway"];
        Assert.All(Types, type =>
        {
            Assert.StartsWith("EPimorfosi.Contracts.", type.Namespace, StringComparison.Ordinal); // MassTransit refuses one without
            Assert.NotEmpty(type.GetCustomAttribute<ConsumedByAttribute>()!.Services);
            Assert.Subset(services.ToHashSet(), type.GetCustomAttribute<ConsumedByAttribute>()!.Services.ToHashSet());
        });
        Assert.Equal(Types.Count, Types.Select(type => type.Name).Distinct().Count()); // queues are named by it alone
    }

    [Fact]
    public void Every_record_is_a_message_or_a_part_of_one()
    {
        var reached = new HashSet<Type>();
        Types.ToList().ForEach(Reach);
        var records = typeof(ConsumedByAttribute).Assembly.GetExportedTypes().Where(type => type != typeof(ConsumedByAttribute));

        Assert.Empty(records.Except(reached).Select(type => type.FullName));

        void Reach(Type type)
        {
            if (type.Assembly == typeof(ConsumedByAttribute).Assembly && reached.Add(type))
            {
                type.GetProperties().SelectMany(property => property.PropertyType.GetGenericArguments().Append(property.PropertyType)).ToList().ForEach(Reach);
            }
        }
    }

    /// <summary>Fields that are absent, null, or a list without an example.</summary>
    static IEnumerable<string> Missing(JsonTypeInfo type, JsonElement json, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => type.Properties.SelectMany(property =>
            json.TryGetProperty(property.Name, out var value) && value.ValueKind != JsonValueKind.Null
                ? Missing(Bus.GetTypeInfo(property.PropertyType), value, $"{path}.{property.Name}")
                : [$"{path}.{property.Name}"]),
        JsonTypeInfoKind.Enumerable => json.GetArrayLength() == 0 ? [path] : Missing(Bus.GetTypeInfo(type.ElementType!), json[0], $"{path}[0]"),
        _ => [],
    };

    static string Name(Type type) => type.FullName!["EPimorfosi.Contracts.".Length..];
    static Type Of(string message) => Types.Single(type => Name(type) == message);
    static string Golden(string message) => File.ReadAllText(Path.Combine(Folder, $"{message}.json"));
}
