using Dogana.Apply.Reading;
using Dogana.Apply.Shapes;

namespace Dogana.Apply;

/// <summary>Reads world files. Strict: what it does not know is a fault, and no input makes it throw.</summary>
public static class WorldFile
{
    /// <summary>The largest file in bytes of UTF-8: 4 MiB.</summary>
    public const int BytesMax = TextScan.BytesMax;

    /// <summary>Reads a world file and gives it, or all faults that can be seen without a store.</summary>
    /// <param name="yaml">The file's text.</param>
    /// <param name="fileName">What faults call the file.</param>
    public static WorldOutcome<World> Parse(string yaml, string fileName)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(fileName);
        var faults = new FaultCollector(fileName);

        // 1. Text → nodes. 2. Nodes → values, by the table of shapes. 3. Values → the modules' records.
        if (YamlTree.Read(yaml.StartsWith('\uFEFF') ? yaml[1..] : yaml, faults) is not { } node || !IsOurVersion(node, faults))
        {
            return new WorldOutcome<World>(faults.ToList());
        }

        var reader = new ShapeReader(faults);
        var root = reader.ReadObject(node, WorldShapes.World, Place.Start.On(node));
        var world = root is null ? null : new WorldBuilder(root, faults).Build(fileName, reader.References);
        return world is not null && faults.IsEmpty ? new WorldOutcome<World>(world) : new WorldOutcome<World>(faults.ToList());
    }

    // Of a file in another format every other fault would mislead.
    private static bool IsOurVersion(YamlNode node, FaultCollector faults)
    {
        if (node is not YamlMap map || map.Entries.FirstOrDefault(static entry => entry.Key.Value == "dogana") is not { Key: not null, Value: YamlText { Value: not "1" } version })
        {
            return true;
        }

        faults.Add(Place.Start.Key("dogana").On(version), $"'{Shown.Text(version.Value)}' is no version of this format that this Dogana reads.", "Write 'dogana: 1', or use a newer Dogana.");
        return false;
    }
}
