using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dogana.Apply.Shapes;

namespace Dogana.Apply;

/// <summary>The world file as a JSON schema (draft 2020-12), for editors. Made of the table that the reader follows.</summary>
public static class WorldSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema's text, as published in <c>docs/operate/world.schema.json</c>.</summary>
    public static string Text { get; } = Write();

    private static string Write()
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Dogana world file" };
        var definitions = new JsonObject();
        Describe(schema, WorldShapes.World, definitions);
        schema["$defs"] = definitions;
        return schema.ToJsonString(Indented) + "\n";
    }

    private static void Describe(JsonObject schema, ObjectShape shape, JsonObject definitions)
    {
        schema["description"] = shape.Description;
        schema["type"] = "object";
        schema["additionalProperties"] = false;
        schema["required"] = Names(shape.Keys.Where(static key => key.IsRequired).Select(static key => key.Name));
        var properties = new JsonObject();
        schema["properties"] = properties;
        foreach (var key in shape.Keys)
        {
            var property = new JsonObject { ["description"] = key.Value.Description };
            key.Value.Describe(property);
            properties[key.Name] = property;
            if (key.Value is ListShape list)
            {
                var definition = new JsonObject();
                definitions[list.Item.Name] = definition;
                Describe(definition, list.Item, definitions);
            }
        }

        if (shape.Conditions.Count > 0)
        {
            schema["allOf"] = new JsonArray([.. shape.Conditions.Select(Describe)]);
        }
    }

    private static JsonObject Describe(Condition condition)
    {
        var then = new JsonObject();
        if (condition.Required.Count > 0)
        {
            then["required"] = Names(condition.Required);
        }

        if (condition.Forbidden.Count > 0)
        {
            then["properties"] = new JsonObject(condition.Forbidden.Select(static name => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create(false))));
        }

        var isThere = new JsonObject { ["required"] = Names([condition.Key]) };
        if (condition.Value is null)
        {
            return new JsonObject { ["if"] = new JsonObject { ["not"] = isThere }, ["then"] = then };
        }

        isThere["properties"] = new JsonObject { [condition.Key] = new JsonObject { ["const"] = condition.Value } };
        return new JsonObject { ["if"] = isThere, ["then"] = then };
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(static name => JsonValue.Create(name))];
}
