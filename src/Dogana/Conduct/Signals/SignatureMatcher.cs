using System.Globalization;
using Dogana.Fingerprints;

namespace Dogana.Conduct.Signals;

/// <summary>A catalogue made ready to be looked up, shared by all that read calls. Immutable.</summary>
internal sealed class SignatureMatcher
{
    /// <summary>Places of the concepts that traits are made of, by their names; -1 where the catalogue has none.</summary>
    public readonly record struct Known(int Make, int TaskObject, int Ai, int Verdict, int Evaluate, int Reasoning, int ClosedAnswer, int AsksNumber, int Meta);

    private readonly Dictionary<string, int> _concepts = new(StringComparer.Ordinal);

    public SignatureMatcher(SignatureCatalogue catalogue)
    {
        Signatures = [.. catalogue.Signatures];
        foreach (var (name, phrases) in catalogue.Concepts)
        {
            // Asked of single words in their places, not found anywhere.
            if (name is "verb" or "first_person")
            {
                foreach (var phrase in phrases)
                {
                    (name == "verb" ? Verbs : FirstPerson).Add(phrase);
                }

                continue;
            }

            var concept = _concepts[name] = _concepts.Count;
            foreach (var phrase in phrases)
            {
                Phrases.Add(phrase, concept);
            }
        }

        ByConcept = [.. Enumerable.Range(0, _concepts.Count).Select(concept => (int[])[.. Enumerable.Range(0, Signatures.Length).Where(at => Signatures[at].All.Any(name => Place(name) == concept))])];
        ByNone = [.. Enumerable.Range(0, _concepts.Count).Select(concept => (int[])[.. Enumerable.Range(0, Signatures.Length).Where(at => Signatures[at].None.Any(name => Place(name) == concept))])];
        All = [.. Signatures.Select(signature => (int[])[.. signature.All.Select(Place)])];
        None = [.. Signatures.Select(signature => (int[])[.. signature.None.Select(Place)])];
        Layout = [.. Signatures.Select(static signature => signature.Traits.Aggregate(0u, static (bits, name) => bits | Traits.Bit(Traits.Named[name])))];
        Keys = [.. Signatures.Select(static signature => Key(signature.Id))];
        foreach (var (signature, at) in Signatures.Select(static (signature, at) => (signature, at)))
        {
            foreach (var hex in signature.Fingerprints)
            {
                Templates[ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)] = at;
            }

            if (signature.Benchmark is not null)
            {
                Benchmarks[signature.Benchmark] = at;
            }
        }

        Names = new Known(Place("make"), Place("task_object"), Place("ai"), Place("verdict"), Place("evaluate"), Place("reasoning_inside"), Place("closed_answer"), Place("asks_number"), Place("meta"));
    }

    public Signature[] Signatures { get; }

    public PhraseIndex Phrases { get; } = new();

    public WordSet Verbs { get; } = new();

    public WordSet FirstPerson { get; } = new();

    /// <summary>The signatures that a concept is part of.</summary>
    public int[][] ByConcept { get; }

    /// <summary>The signatures that a concept keeps from being met.</summary>
    public int[][] ByNone { get; }

    /// <summary>The concepts that each signature needs.</summary>
    public int[][] All { get; }

    /// <summary>The concepts that keep each signature from being met.</summary>
    public int[][] None { get; }

    /// <summary>The layout that each signature needs, as bits of traits.</summary>
    public uint[] Layout { get; }

    /// <summary>What each signature is counted under in a sketch: the same in every version of the catalogue.</summary>
    public ulong[] Keys { get; }

    /// <summary>Fingerprints of templates and the signatures that they belong to.</summary>
    public Dictionary<ulong, int> Templates { get; } = [];

    /// <summary>Benchmarks and their signatures.</summary>
    public Dictionary<string, int> Benchmarks { get; } = new(StringComparer.Ordinal);

    public Known Names { get; }

    /// <summary>How many concepts there are.</summary>
    public int Concepts => _concepts.Count;

    /// <summary>What a signature of a name is counted under.</summary>
    public static ulong Key(string id)
    {
        var key = 14695981039346656037;
        foreach (var letter in id)
        {
            key = WordReader.Mix(key ^ letter);
        }

        return key;
    }

    private int Place(string concept) => _concepts.GetValueOrDefault(concept, -1);
}
