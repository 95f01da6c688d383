using Dogana.Apply.Checks;
using Dogana.Apply.Reading;
using Dogana.Apply.Shapes;
using Dogana.Insight;
using Dogana.Storage;

namespace Dogana.Apply;

/// <summary>A scenario file, read as strictly as a world file: every fault says where it stands and what to do. JSON is YAML, and is read too.</summary>
public sealed class ScenarioFile
{
    private readonly ReadItem _root;
    private readonly IReadOnlyList<Reference> _references;
    private readonly IReadOnlyList<Declared<ScenarioChange>> _changes;

    private ScenarioFile(string name, ReadItem root, IReadOnlyList<Reference> references, IReadOnlyList<Declared<ScenarioChange>> changes) =>
        (Name, _root, _references, _changes) = (name, root, references, changes);

    /// <summary>What faults call it.</summary>
    public string Name { get; }

    /// <summary>Reads a file and gives it, or all faults that can be seen without a store.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What faults call the file.</param>
    public static WorldOutcome<ScenarioFile> Parse(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        var faults = new FaultCollector(fileName);
        if (YamlTree.Read(text.StartsWith('\uFEFF') ? text[1..] : text, faults, "name: ...") is not { } node)
        {
            return new WorldOutcome<ScenarioFile>(faults.ToList());
        }

        var reader = new ShapeReader(faults);
        var root = reader.ReadObject(node, ScenarioShapes.Scenario, Place.Start.On(node));
        var changes = root is null ? [] : new ScenarioBuilder(faults).Changes(root);
        return root is not null && faults.IsEmpty ? new WorldOutcome<ScenarioFile>(new ScenarioFile(fileName, root, reader.References, changes)) : new WorldOutcome<ScenarioFile>(faults.ToList());
    }

    /// <summary>The scenario, checked against a store: everything that it names is there, nothing lies in what is known already, and no two changes contradict each other.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">What the report will be about.</param>
    public async Task<WorldOutcome<Scenario>> CheckAsync(StoreSession session, ReportScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        var faults = new FaultCollector(Name);
        await ScenarioChecks.CheckAsync(session, scope, _references, _changes, faults);
        return faults.IsEmpty
            ? new WorldOutcome<Scenario>(new Scenario(_root.Get<string>("name"), Name, (int)_root.Get<long>("months"), [.. _changes.Select(static change => change.Value)]))
            : new WorldOutcome<Scenario>(faults.ToList());
    }
}
