using Dogana.Fingerprints;

namespace Dogana.Conduct.Signals;

/// <summary>Cuts a prompt into sentences and lines, so that what comes again in every call can be told from what is put in. Used again and again by one thread.</summary>
internal sealed class UnitReader
{
    private const int EdgeWords = 4;
    private const int LastUnits = 8;

    private readonly List<PromptUnit> _late = [];

    /// <summary>How many words of the user's text are numbers.</summary>
    public int Numbers { get; private set; }

    /// <summary>Is one of the last two units a question?</summary>
    public bool EndsWithQuestion { get; private set; }

    /// <summary>Reads a text's units, the first and the last ones where there are too many.</summary>
    public void Read(ReadOnlySpan<byte> text, WordList words, int userStart, SignatureMatcher matcher, CallFacts facts)
    {
        (Numbers, EndsWithQuestion) = (0, false);
        _late.Clear();
        var hashes = words.Hashes;
        var starts = words.Starts;
        var (first, item, before) = (0, 17UL, false);
        for (var word = 0; word < hashes.Length; word++)
        {
            if (starts[word] >= userStart)
            {
                item = WordReader.Mix(item ^ hashes[word]);
                Numbers += text[starts[word]] is >= (byte)'0' and <= (byte)'9' ? 1 : 0;
            }

            var next = word + 1 < hashes.Length ? starts[word + 1] : text.Length;
            var (ends, asks) = Boundary(text[starts[word]..next], word + 1 == hashes.Length);
            if (ends || (starts[word] < userStart && next >= userStart))
            {
                Add(facts.Units, Unit(hashes[first..(word + 1)], matcher, asks, IsChoice(text, starts[first])));
                EndsWithQuestion = asks || before;
                (first, before) = (word + 1, asks);
            }
        }

        facts.Item = item;
        facts.Units.AddRange(_late.Skip(Math.Max(0, _late.Count - LastUnits)));
        if (hashes.Length >= 3 * EdgeWords)
        {
            facts.Units.Add(new PromptUnit(UnitCounts.Named(Hash(hashes[..EdgeWords], 3), 0), 0, false, false, false, false));
            facts.Units.Add(new PromptUnit(UnitCounts.Named(Hash(hashes[^EdgeWords..], 5), 0), 0, false, false, false, false));
        }
    }

    private void Add(List<PromptUnit> units, PromptUnit unit)
    {
        if (units.Count < UnitCounts.UnitsMax - LastUnits - 2)
        {
            units.Add(unit);
        }
        else
        {
            _late.Add(unit);
        }
    }

    // A line's end, or the end of a sentence with a blank behind it; a colon ends one too, as labels do.
    private static (bool Ends, bool Asks) Boundary(ReadOnlySpan<byte> gap, bool isLast)
    {
        for (var at = 1; at < gap.Length; at++)
        {
            if (gap[at] == '\n')
            {
                return (true, false);
            }

            if (gap[at] is (byte)'.' or (byte)'?' or (byte)'!' or (byte)':' && (at + 1 == gap.Length || gap[at + 1] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'"' or (byte)'\''))
            {
                return (true, gap[at] == '?');
            }
        }

        return (isLast, false);
    }

    private static PromptUnit Unit(ReadOnlySpan<ulong> words, SignatureMatcher matcher, bool asks, bool isChoice)
    {
        var isPersonal = false;
        foreach (var word in words)
        {
            isPersonal |= matcher.FirstPerson.Has(word);
        }

        return new PromptUnit(UnitCounts.Named(Hash(words, 1), words.Length), words.Length, matcher.Verbs.Has(words[0]), asks, isPersonal, isChoice);
    }

    // "(A) this", "A. this", "- this"
    private static bool IsChoice(ReadOnlySpan<byte> text, int start)
    {
        var after = start + 1 < text.Length ? text[start + 1] : (byte)0;
        var before = text[Math.Max(0, start - 2)..start].TrimEnd((byte)' ');
        return before is [.., (byte)'-' or (byte)'*'] || ((text[start] | 0x20) is >= (byte)'a' and <= (byte)'j' && after is (byte)')' or (byte)'.' or (byte)']' or (byte)':');
    }

    private static ulong Hash(ReadOnlySpan<ulong> words, ulong hash)
    {
        foreach (var word in words)
        {
            hash = WordReader.Mix(hash ^ word);
        }

        return hash;
    }
}
