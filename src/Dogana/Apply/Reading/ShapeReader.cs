using Dogana.Apply.Shapes;

namespace Dogana.Apply.Reading;

/// <summary>Reads nodes by the table of shapes and reports whatever does not fit. Goes on after a fault, so that one run finds all.</summary>
internal sealed class ShapeReader(FaultCollector faults)
{
    /// <summary>Every id that refers elsewhere, in the order of the file.</summary>
    public List<Reference> References { get; } = [];

    /// <summary>Reads a mapping; null when there is none.</summary>
    public ReadItem? ReadObject(YamlNode node, ObjectShape shape, Place place)
    {
        if (node is not YamlMap map)
        {
            Mismatch(node, place, $"the keys of {shape.One}", $"Write its keys: {string.Join(", ", shape.Keys.Where(static key => key.IsRequired).Select(static key => key.Name))}.");
            return null;
        }

        // 1. What is there.
        var item = new ReadItem(place);
        var names = shape.Keys.Select(static key => key.Name).ToArray();
        var present = map.Entries.Select(static entry => entry.Key.Value).ToHashSet(StringComparer.Ordinal);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            if (faults.IsFull)
            {
                return null;
            }

            var known = shape.Find(key.Value);
            var at = place.Key(key.Value);
            if (known is null)
            {
                var meant = NearName.Find(key.Value, names.Where(name => !present.Contains(name)));
                faults.Add(at.On(key), $"{shape.First} has no key '{Shown.Text(key.Value)}'.", $"{(meant is null ? "" : $"Did you mean '{meant}'? ")}Its keys are {string.Join(", ", names)}.");
                if (meant is not null)
                {
                    item.IsWhole = false;
                    written.Add(meant); // one slip is one fault: the key that was meant is not missing
                }

                continue;
            }

            written.Add(key.Value);
            if (ReadValue(value, known.Value, at.On(value)) is { } read)
            {
                item.Add(key.Value, read, at.On(value));
            }
            else
            {
                item.IsWhole = false;
            }
        }

        // 2. What is not there and must be, and what must not be.
        foreach (var key in shape.Keys.Where(key => key.IsRequired && !written.Contains(key.Name)))
        {
            Missing(item, key.Name, $"{shape.First} needs the key '{key.Name}'.");
        }

        foreach (var condition in shape.Conditions.Where(condition => item.FindText(condition.Key) == condition.Value))
        {
            var (key, value) = (condition.Key, condition.Value);
            if (value is null && written.Contains(key))
            {
                continue; // what it is cannot be read
            }

            var (of, remedy) = value is null ? ($"without '{key}'", $"write '{key}'") : ($"of the {key} {value}", $"change the {key}");
            foreach (var missing in condition.Required.Where(name => !written.Contains(name)))
            {
                Missing(item, missing, $"{shape.First} {of} needs the key '{missing}'.");
            }

            foreach (var forbidden in condition.Forbidden.Where(written.Contains))
            {
                faults.Add(item.PlaceOf(forbidden), $"{shape.First} {of} has no '{forbidden}'.", $"Delete the key, or {remedy}.");
            }
        }

        return item;
    }

    private object? ReadValue(YamlNode node, ValueShape shape, Place place)
    {
        if (faults.IsFull)
        {
            return null;
        }

        switch (shape)
        {
            case ItemShape item:
                return ReadObject(node, item.Item, place);
            case ListShape list:
                return ReadList(node, list, place);
            case NamesShape names:
                return ReadNames(node, names, place);
            case ChoicesShape choices:
                return ReadEntries(node, choices.Entry, place);
            case TextsShape texts:
                return ReadEntries(node, texts.Entry, place);
            case ScalarShape scalar when node is YamlText text:
                var value = scalar.Read(text, place, faults);
                if (value is string id && shape is ReferenceShape reference)
                {
                    References.Add(new Reference(reference.Section, id, place));
                }

                return value;
            default:
                return Mismatch(node, place, "a single value", "Write one value after the colon.");
        }
    }

    private List<ReadItem>? ReadList(YamlNode node, ListShape shape, Place place)
    {
        if (!IsList(node, shape.ItemsMin, place, out var entries))
        {
            return null;
        }

        var items = new List<ReadItem>();
        for (var index = 0; index < entries.Count && !faults.IsFull; index++)
        {
            if (ReadObject(entries[index], shape.Item, place.Entry(index).On(entries[index])) is { } item)
            {
                items.Add(item);
            }
        }

        foreach (var keys in shape.UniqueKeys)
        {
            var lines = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var item in items.Where(item => keys.All(item.Has)))
            {
                var name = string.Join(", ", keys.Select(key => Invariant(item.Get<object>(key))));
                var at = item.PlaceOf(keys[^1]);
                if (!lines.TryAdd(name, at.Line))
                {
                    faults.Add(at, $"There is {shape.Item.One} with the {string.Join(" and ", keys)} {name} on line {lines[name]} already.", "Keep one, or name this one otherwise.");
                }
            }
        }

        return items;
    }

    private List<string>? ReadNames(YamlNode node, NamesShape shape, Place place)
    {
        if (!IsList(node, itemsMin: 1, place, out var entries))
        {
            return null;
        }

        var names = new List<string>();
        for (var index = 0; index < entries.Count; index++)
        {
            var at = place.Entry(index).On(entries[index]);
            if (ReadValue(entries[index], NamesShape.Entry, at) is not string name)
            {
                continue;
            }

            if (names.Contains(name, StringComparer.Ordinal))
            {
                faults.Add(at, $"'{name}' is in this list already.", "Keep one.");
                continue;
            }

            names.Add(name);
            if (name != NamesShape.All)
            {
                References.Add(new Reference(shape.Section, name, at));
            }
        }

        if (names.Count > 1 && names.Contains(NamesShape.All, StringComparer.Ordinal))
        {
            faults.Add(place, "'*' stands for all, and other ids stand beside it.", "Write [\"*\"] alone, or only ids.");
        }

        return names;
    }

    private List<string>? ReadEntries(YamlNode node, ScalarShape shape, Place place)
    {
        if (!IsList(node, itemsMin: 1, place, out var entries))
        {
            return null;
        }

        var chosen = new List<string>();
        foreach (var (index, entry) in entries.Index())
        {
            var at = place.Entry(index).On(entry);
            if (ReadValue(entry, shape, at) is not string text)
            {
                return null;
            }

            if (chosen.Contains(text, StringComparer.Ordinal))
            {
                faults.Add(at, $"'{text}' is in this list already.", "Keep one.");
                return null;
            }

            chosen.Add(text);
        }

        return chosen;
    }

    private bool IsList(YamlNode node, int itemsMin, Place place, out IReadOnlyList<YamlNode> entries)
    {
        entries = node is YamlList list ? list.Items : [];
        if (node is not YamlList)
        {
            Mismatch(node, place, "a list", "Write a list ('- …' on lines of their own, or [ ]), or delete the key.");
            return false;
        }

        if (entries.Count >= itemsMin && entries.Count <= ListShape.ItemsMax)
        {
            return true;
        }

        faults.Add(place, $"The list has {entries.Count} entries.", $"Write {itemsMin} to {ListShape.ItemsMax}.");
        return false;
    }

    private object? Mismatch(YamlNode node, Place place, string expected, string remedy)
    {
        if (node is not YamlRefused)
        {
            faults.Add(place.On(node), $"There is {node.Kind} where {expected} must be.", remedy);
        }

        return null;
    }

    private void Missing(ReadItem item, string key, string message)
    {
        item.IsWhole = false;
        faults.Add(item.Place.Key(key), message, "Add it.");
    }

    private static string Invariant(object value) => value switch
    {
        DateTimeOffset instant => InstantText.Format(instant),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
