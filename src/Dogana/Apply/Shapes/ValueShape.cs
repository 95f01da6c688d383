using System.Text.Json.Nodes;
using Dogana.Apply.Reading;

namespace Dogana.Apply.Shapes;

/// <summary>What may stand under a key. It reads and describes itself, so that reader and schema cannot differ.</summary>
/// <param name="Description">For the reader of the schema.</param>
internal abstract record ValueShape(string Description)
{
    /// <summary>Adds to the schema what may stand here.</summary>
    public abstract void Describe(JsonObject schema);
}

/// <summary>A single value.</summary>
internal abstract record ScalarShape(string Description) : ValueShape(Description)
{
    /// <summary>The value, or null and a fault.</summary>
    public abstract object? Read(YamlText text, Place place, FaultCollector faults);
}

/// <summary>One mapping.</summary>
/// <param name="Item">Its keys.</param>
internal sealed record ItemShape(ObjectShape Item) : ValueShape(Item.Description)
{
    public override void Describe(JsonObject schema) => schema["$ref"] = "#/$defs/" + Item.Name;
}

/// <summary>A list of mappings.</summary>
/// <param name="Description">For the reader of the schema.</param>
/// <param name="Item">Each entry.</param>
/// <param name="UniqueKeys">Sets of keys by which no two entries may be the same.</param>
internal sealed record ListShape(string Description, ObjectShape Item, params IReadOnlyList<string[]> UniqueKeys) : ValueShape(Description)
{
    /// <summary>The most entries.</summary>
    public const int ItemsMax = 10_000;

    /// <summary>The fewest entries.</summary>
    public int ItemsMin { get; init; }

    public override void Describe(JsonObject schema)
    {
        schema["type"] = "array";
        if (ItemsMin > 0)
        {
            schema["minItems"] = ItemsMin;
        }

        schema["maxItems"] = ItemsMax;
        schema["items"] = new JsonObject { ["$ref"] = "#/$defs/" + Item.Name };
    }
}

/// <summary>A list of ids of one section, or <c>*</c> alone for all.</summary>
internal sealed record NamesShape(string Description, string Section) : ValueShape(Description)
{
    public const string All = "*";

    public static TextShape Entry { get; } = new("An id, or * for all.", @"^(\*|[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?)$", 63, "Write an id, or \"*\" for all.");

    public override void Describe(JsonObject schema)
    {
        schema["type"] = "array";
        schema["minItems"] = 1;
        schema["maxItems"] = ListShape.ItemsMax;
        schema["uniqueItems"] = true;
        schema["items"] = new JsonObject { ["type"] = "string", ["pattern"] = Entry.Pattern };
    }
}

/// <summary>A list of texts, each at most once.</summary>
/// <param name="Description">For the reader of the schema.</param>
/// <param name="Entry">One entry.</param>
internal sealed record TextsShape(string Description, ScalarShape Entry) : ValueShape(Description)
{
    public override void Describe(JsonObject schema)
    {
        schema["type"] = "array";
        schema["minItems"] = 1;
        schema["maxItems"] = ListShape.ItemsMax;
        schema["uniqueItems"] = true;
        var item = new JsonObject();
        Entry.Describe(item);
        schema["items"] = item;
    }
}

/// <summary>A list of some of a few words, each at most once.</summary>
internal sealed record ChoicesShape(string Description, params IReadOnlyList<string> Choices) : ValueShape(Description)
{
    /// <summary>One entry.</summary>
    public ChoiceShape Entry { get; } = new(Description, Choices);

    public override void Describe(JsonObject schema)
    {
        schema["type"] = "array";
        schema["minItems"] = 1;
        schema["maxItems"] = Choices.Count;
        schema["uniqueItems"] = true;
        var item = new JsonObject();
        Entry.Describe(item);
        schema["items"] = item;
    }
}
