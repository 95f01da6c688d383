using Dogana.Conduct.Signals;
using Dogana.Fingerprints;

namespace Dogana.Conduct;

/// <summary>
/// Reads calls for <see cref="AccountSketch.Observe"/>: one for each thread that looks at calls. It goes over a prompt a few times and never back, and keeps nothing of it but the
/// keyed fingerprints of outputs.
/// </summary>
/// <param name="catalogue">What is looked for.</param>
/// <param name="outputs">Where outputs are kept to be known again when they are pasted back; null to not look for them.</param>
public sealed class CallReader(SignatureCatalogue catalogue, RecentFingerprints? outputs = null)
{
    /// <summary>The words of earlier outputs that a prompt must hold to count as one with an output pasted back.</summary>
    public const int OwnWordsNeeded = 25;

    /// <summary>The name that outputs pasted back are counted under.</summary>
    internal const string OwnOutput = "output.returned";

    /// <summary>The name that sweeps of log probabilities are counted under.</summary>
    internal const string LogitSweep = "logit.sweep";

    private const int SampledWords = 64;
    private const int NoneBehind = 40;
    private const int NotMet = int.MinValue / 2;

    private static readonly ulong OwnOutputKey = SignatureMatcher.Key(OwnOutput);
    private static readonly ulong LogitSweepKey = SignatureMatcher.Key(LogitSweep);

    private readonly SignatureMatcher _matcher = catalogue.Matcher.Value;
    private readonly BenchmarkIndex _benchmarks = BenchmarkIndex.Shipped;
    private readonly PromptText _prompt = new();
    private readonly TextShape _shape = new();
    private readonly UnitReader _units = new();
    private readonly WordList _words = new();
    private readonly WordList _output = new();
    private readonly CallFacts _facts = new();
    private readonly List<Fingerprint> _fingerprints = [];
    private readonly Dictionary<int, int> _grams = [];
    private readonly int[] _last = new int[catalogue.Matcher.Value.Concepts];
    private readonly int[] _metAt = new int[catalogue.Matcher.Value.Signatures.Length];
    private ulong[] _rolled = new ulong[512];
    private int _lastMake;
    private int _metaCount;

    /// <summary>The catalogue that calls are read by.</summary>
    public SignatureCatalogue Catalogue => catalogue;

    internal CallFacts Read(ObservedCall call)
    {
        _facts.Clear();
        _words.Clear();
        _prompt.Read(call.Body.Span);
        var text = _prompt.Text;
        WordReader.Read(text, _words);
        var words = _words.Hashes;
        _facts.Words = words.Length;
        _facts.Traits = _shape.Read(text);
        _units.Read(text, _words, _prompt.UserStart, _matcher, _facts);
        FindPhrases(words);
        FindGrams(words);
        FindOwn(call, _rolled.AsSpan(0, Winnowing.GramCount(words.Length)));
        if (_prompt is { WantsLogProbabilities: true, Bias: not 0, TokensMax: 1 or 2 or 3 or 4 })
        {
            _facts.Hits.Add(new SignatureHit(LogitSweepKey, WordReader.Mix(_prompt.Bias)));
        }

        var step = 1 + (words.Length / SampledWords);
        for (var at = 0; at < words.Length; at += step)
        {
            _facts.Sample.Add(words[at]);
        }

        return _facts;
    }

    private void FindPhrases(ReadOnlySpan<ulong> words)
    {
        Array.Fill(_last, NotMet);
        Array.Fill(_metAt, NotMet);
        (_lastMake, _metaCount) = (NotMet, 0);
        _matcher.Phrases.Find(words, Found);
        var names = _matcher.Names;
        Mark(_metaCount >= 4, Trait.MetaTalk);
        Mark(Was(names.Ai), Trait.AiMention);
        Mark(Was(names.Verdict), Trait.Verdict);
        Mark(Was(names.Evaluate), Trait.Evaluates);
        Mark(Was(names.Reasoning), Trait.Reasoning);
        Mark(Was(names.ClosedAnswer), Trait.ClosedAnswer);
        Mark(Was(names.AsksNumber) && _units.Numbers >= 2 && _units.EndsWithQuestion, Trait.WordProblem);
        for (var at = 0; at < _metAt.Length; at++)
        {
            var layout = _matcher.Layout[at];
            if ((_metAt[at] >= 0 || (_matcher.All[at].Length == 0 && layout != 0)) && (_facts.Traits & layout) == layout)
            {
                _facts.Hits.Add(new SignatureHit(_matcher.Keys[at], _facts.Item));
            }
        }

        bool Was(int concept) => concept >= 0 && _last[concept] >= 0;
    }

    private void Found(int concept, int word)
    {
        _last[concept] = word;
        var names = _matcher.Names;
        _lastMake = concept == names.Make ? word : _lastMake;
        _metaCount += concept == names.Meta ? 1 : 0;
        Mark(concept == names.TaskObject && word - _lastMake is > 0 and <= 12, Trait.AsksTasks);
        foreach (var signature in _matcher.ByConcept[concept])
        {
            if (_metAt[signature] < 0 && AllWithin(signature, word))
            {
                _metAt[signature] = word;
            }
        }

        foreach (var signature in _matcher.ByNone[concept])
        {
            _metAt[signature] = word - _metAt[signature] <= NoneBehind ? NotMet : _metAt[signature];
        }
    }

    private bool AllWithin(int signature, int word)
    {
        var from = word - _matcher.Signatures[signature].Span;
        foreach (var needed in _matcher.All[signature])
        {
            if (_last[needed] < from)
            {
                return false;
            }
        }

        foreach (var kept in _matcher.None[signature])
        {
            if (_last[kept] >= from)
            {
                return false;
            }
        }

        return true;
    }

    private void FindGrams(ReadOnlySpan<ulong> words)
    {
        var count = Winnowing.GramCount(words.Length);
        if (count > _rolled.Length)
        {
            _rolled = new ulong[count * 2];
        }

        Winnowing.Roll(words, _rolled);
        _grams.Clear();
        foreach (var gram in _rolled.AsSpan(0, count))
        {
            var item = _benchmarks.Find(gram);
            if (item >= 0)
            {
                _grams[item] = _grams.GetValueOrDefault(item) + 1;
            }
            else if (_matcher.Templates.Count > 0 && _matcher.Templates.TryGetValue(gram, out var template))
            {
                _grams[~template] = _grams.GetValueOrDefault(~template) + 1;
            }
        }

        foreach (var (item, met) in _grams)
        {
            if (item < 0 && met >= _matcher.Signatures[~item].FingerprintsNeeded)
            {
                _facts.Hits.Add(new SignatureHit(_matcher.Keys[~item], _facts.Item));
            }
            else if (item >= 0 && met >= _benchmarks.Needed(item) && _matcher.Benchmarks.TryGetValue(_benchmarks.SetOf(item), out var signature))
            {
                _facts.Hits.Add(new SignatureHit(_matcher.Keys[signature], WordReader.Mix((ulong)item + 1)));
            }
        }
    }

    private void FindOwn(ObservedCall call, ReadOnlySpan<ulong> grams)
    {
        if (outputs is null)
        {
            return;
        }

        var account = $"{call.Account.Party}\n{call.Account.Owner}";
        _fingerprints.Clear();
        Winnowing.Select(grams, _fingerprints);
        if (outputs.CoveredWords(account, _fingerprints) >= OwnWordsNeeded)
        {
            _facts.Hits.Add(new SignatureHit(OwnOutputKey, _facts.Item));
        }

        if (!call.Output.IsEmpty)
        {
            _output.Clear();
            WordReader.Read(call.Output.Span[..Math.Min(call.Output.Length, PromptText.BytesMax)], _output);
            outputs.Add(account, Winnowing.Of(_output.Hashes));
        }
    }

    private void Mark(bool isSo, Trait trait) => _facts.Traits |= isSo ? Traits.Bit(trait) : 0;
}
