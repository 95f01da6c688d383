using System.Text.Json;
using Dogana.Apply;
using Dogana.Apply.Shapes;

namespace Dogana.Tests.Apply;

public sealed class WorldSchemaTests
{
    [Fact]
    public void The_published_schema_is_the_one_that_the_reader_follows()
    {
        var path = Path.Combine(Repository.Root, "docs", "operate", "world.schema.json");

        File.ReadAllText(path).ShouldBe(WorldSchema.Text, "run: dogana apply --schema > docs/operate/world.schema.json");
    }

    [Fact]
    public void Every_key_of_the_reader_is_in_the_schema_and_the_other_way_round()
    {
        using var schema = JsonDocument.Parse(WorldSchema.Text);
        var objects = schema.RootElement.GetProperty("$defs").EnumerateObject().ToDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal);
        objects.Add("world", schema.RootElement);
        var shapes = Below(WorldShapes.World).ToDictionary(shape => shape.Name, StringComparer.Ordinal);

        objects.Keys.ShouldBe(shapes.Keys, ignoreOrder: true);
        foreach (var (name, shape) in shapes)
        {
            var described = objects[name];
            described.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
            described.GetProperty("properties").EnumerateObject().Select(key => key.Name).ShouldBe(shape.Keys.Select(key => key.Name));
            described.GetProperty("required").EnumerateArray().Select(key => key.GetString()).ShouldBe(shape.Keys.Where(key => key.IsRequired).Select(key => key.Name));
            described.GetProperty("properties").EnumerateObject().ShouldAllBe(key => key.Value.GetProperty("description").GetString()!.Length > 5);
        }
    }

    private static IEnumerable<ObjectShape> Below(ObjectShape shape) => [shape, .. shape.Keys.Select(key => key.Value).OfType<ListShape>().SelectMany(list => Below(list.Item))];
}
