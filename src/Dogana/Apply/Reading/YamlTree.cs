using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dogana.Apply.Reading;

/// <summary>
/// Turns text into nodes that know their place. Reads the parser's events itself, because what is dangerous in YAML must be refused before it is
/// expanded: anchors, aliases, tags, deep nesting, keys that stand twice.
/// </summary>
internal sealed class YamlTree
{
    private const int DepthMax = 16; // the deepest value, a price's amount, is at 8

    private readonly FaultCollector _faults;
    private readonly Parser _parser;
    private Place _last = Place.Start;

    private readonly string _first;

    private YamlTree(string text, FaultCollector faults, string first)
    {
        (_faults, _first) = (faults, first);
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document, or null when it is not one; then there is a fault.</summary>
    /// <param name="text">The text.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="first">What such a file begins with.</param>
    public static YamlNode? Read(string text, FaultCollector faults, string first = "dogana: 1")
    {
        TextScan.Check(text, faults);
        return faults.IsEmpty ? new YamlTree(text, faults, first).ReadDocument() : null;
    }

    private YamlNode? ReadDocument()
    {
        try
        {
            Advance(); // stream start
            Advance();
            if (_parser.Current is not DocumentStart)
            {
                _faults.Add(Place.Start, "The file is empty.", $"Begin it with '{_first}'.");
                return null;
            }

            Advance();
            var root = ReadNode(Place.Start, depth: 1);
            Advance(); // document end
            Advance();
            if (_parser.Current is DocumentStart second)
            {
                _faults.Add(At(second, ""), "A second document begins here.", "Put everything in one document: delete the '---', or split the file.");
                return null;
            }

            return root;
        }
        catch (TooDeepException)
        {
            return null;
        }
        catch (YamlException unreadable)
        {
            _faults.Add(
                new Place((int)Math.Max(1, unreadable.Start.Line), (int)Math.Max(1, unreadable.Start.Column), ""),
                $"This is not YAML: {Shown.Sentence(unreadable.Message)}", "Look at this line and the one before it: indentation, quotes, brackets, colons.");
            return null;
        }
        catch (UnreadableException)
        {
            _faults.Add(_last, "This is not YAML: the parser gave up after this place.", "Look at the lines from here on: indentation, quotes, brackets, colons.");
            return null;
        }
    }

    private YamlNode ReadNode(Place place, int depth)
    {
        var node = _parser.Current!;
        place = At(node, place.Path);
        if (depth > DepthMax)
        {
            _faults.Add(place, $"The file is nested deeper than {DepthMax} levels.", "A world file needs eight. Look for brackets that do not close.");
            throw new TooDeepException();
        }

        var isRefused = IsRefused(node, place);
        YamlNode read = node switch
        {
            Scalar scalar => new YamlText(place.Line, place.Column, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlList(place.Line, place.Column, ReadItems(place, depth)),
            MappingStart => new YamlMap(place.Line, place.Column, ReadEntries(place, depth)),
            _ => new YamlRefused(place.Line, place.Column),
        };
        return isRefused ? new YamlRefused(place.Line, place.Column) : read;
    }

    private List<YamlNode> ReadItems(Place place, int depth)
    {
        var items = new List<YamlNode>();
        for (Advance(); _parser.Current is not SequenceEnd; Advance())
        {
            items.Add(ReadNode(place.Entry(items.Count), depth + 1));
        }

        return items;
    }

    private List<KeyValuePair<YamlText, YamlNode>> ReadEntries(Place place, int depth)
    {
        var entries = new List<KeyValuePair<YamlText, YamlNode>>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (Advance(); _parser.Current is not MappingEnd; Advance())
        {
            var key = ReadNode(place, depth + 1) as YamlText;
            var at = At(_parser.Current!, place.Path);
            Advance();
            var value = ReadNode(key is null ? place : place.Key(key.Value), depth + 1);
            if (key is null)
            {
                _faults.Add(at, "A key is not a plain word.", "Write 'key: value'.");
            }
            else if (lines.TryAdd(key.Value, key.Line))
            {
                entries.Add(new(key, value));
            }
            else
            {
                _faults.Add(place.Key(key.Value).On(key), $"The key '{Shown.Text(key.Value)}' is on line {lines[key.Value]} already.", "Keep one of the two.");
            }
        }

        return entries;
    }

    private bool IsRefused(ParsingEvent node, Place place)
    {
        if (node is AnchorAlias alias)
        {
            _faults.Add(place, $"'*{Shown.Text(alias.Value.Value)}' repeats another part of the file.", "Write it out: a world file has no anchors and aliases.");
            return true;
        }

        if (node is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _faults.Add(place, $"'&{Shown.Text(anchored.Anchor.Value)}' names a part of the file.", "Delete it: a world file has no anchors and aliases.");
        }

        if (node is NodeEvent { Tag.IsEmpty: false })
        {
            _faults.Add(place, "There is a tag ('!…').", "Delete it: each key knows the type of its value.");
        }

        return node is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false };
    }

    // On some malformed files the parser trips in ways of its own, or its events end early. They are no less malformed.
    private void Advance()
    {
        try
        {
            if (_parser.MoveNext() && _parser.Current is { } next)
            {
                _last = At(next, "");
                return;
            }
        }
        catch (Exception bug) when (bug is not YamlException)
        {
            throw new UnreadableException();
        }

        throw new UnreadableException();
    }

    private static Place At(ParsingEvent node, string path) => new((int)node.Start.Line, (int)node.Start.Column, path);

    /// <summary>Ends reading where going on would cost stack.</summary>
    private sealed class TooDeepException : Exception;

    /// <summary>Ends reading where the parser cannot go on.</summary>
    private sealed class UnreadableException : Exception;
}
