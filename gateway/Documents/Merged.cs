using System.Text.Json.Nodes;

namespace EPimorfosi.Gateway.Documents;

/// <summary>One OpenAPI document out of several.</summary>
static class Merged
{
    /// <summary>Adds the paths, components and tags of a part. A component whose name is taken by another of different content is renamed after its service.</summary>
    internal static void Add(JsonObject whole, string service, JsonObject part)
    {
        part = Renamed(whole, service, part);
        Union(whole, part, "paths", path => path.StartsWith("/api/", StringComparison.Ordinal));
        foreach (var kind in (part["components"] as JsonObject ?? []).Select(pair => pair.Key).ToArray())
        {
            Union(Child(whole, "components"), part["components"]!.AsObject(), kind, _ => true);
        }
        var tags = whole["tags"] as JsonArray ?? (JsonArray)(whole["tags"] = new JsonArray())!;
        foreach (var tag in part["tags"] as JsonArray ?? [])
        {
            if (tag is not null && tags.All(known => known?["name"]?.ToString() != tag["name"]?.ToString()))
            {
                tags.Add(tag.DeepClone());
            }
        }
    }

    static JsonObject Renamed(JsonObject whole, string service, JsonObject part)
    {
        var taken = whole["components"]?["schemas"] as JsonObject ?? [];
        var json = part.ToJsonString();
        foreach (var (name, schema) in part["components"]?["schemas"] as JsonObject ?? [])
        {
            if (taken.TryGetPropertyValue(name, out var other) && !JsonNode.DeepEquals(other, schema))
            {
                json = json.Replace($"\"#/components/schemas/{name}\"", $"\"#/components/schemas/{service}{name}\"", StringComparison.Ordinal);
                var document = JsonNode.Parse(json)!.AsObject();
                var schemas = document["components"]!["schemas"]!.AsObject();
                var moved = schemas[name]!.DeepClone();
                schemas.Remove(name);
                schemas[service + name] = moved;
                json = document.ToJsonString();
            }
        }
        return JsonNode.Parse(json)!.AsObject();
    }

    static void Union(JsonObject whole, JsonObject part, string name, Func<string, bool> wanted)
    {
        var into = Child(whole, name);
        foreach (var (key, value) in part[name] as JsonObject ?? [])
        {
            if (!wanted(key))
            {
                continue;
            }
            if (into[key] is JsonObject known && value is JsonObject more)
            {
                foreach (var (method, operation) in more)
                {
                    known.TryAdd(method, operation?.DeepClone());
                }
            }
            else
            {
                into[key] = value?.DeepClone();
            }
        }
    }

    static JsonObject Child(JsonObject parent, string name) => parent[name] as JsonObject ?? (JsonObject)(parent[name] = new JsonObject())!;
}
