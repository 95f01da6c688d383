using Dogana.Fingerprints;

namespace Dogana.Conduct.Signals;

/// <summary>How a prompt is laid out, read line by line: choices, solved examples, marked answers, rules, code. Used again and again by one thread.</summary>
internal sealed class TextShape
{
    private const int LabelsMax = 32;
    private const int LabelBytesMax = 48;

    // Words of labels that hold what somebody or something answered.
    private static readonly HashSet<ulong> AnswerWords = Hashes("answer", "answers", "response", "responses", "output", "completion", "reply", "assistant", "model", "candidate", "generation", "submission", "prediction", "hypothesis", "chosen", "rejected", "solution");

    // Words of labels that exams and instruction data are written with.
    private static readonly HashSet<ulong> ExamWords = Hashes("q", "a", "question", "answer", "problem", "solution", "instruction", "instructions", "input", "output", "task", "example", "response", "completion", "prompt", "premise", "hypothesis", "passage", "target", "constraints");
    private static readonly HashSet<ulong> ChoiceWords = Hashes("options", "choices", "alternatives", "option", "choice");
    private static readonly HashSet<ulong> PairWords = Hashes("a", "b", "c", "1", "2", "3", "first", "second", "x", "y");
    private static readonly ulong Instruction = WordReader.Hash("instruction");
    private static readonly ulong End = WordReader.Hash("end");

    private readonly WordList _words = new();
    private readonly (ulong Hash, int Count)[] _labels = new (ulong, int)[LabelsMax];
    private readonly (ulong Hash, int Count)[] _answers = new (ulong, int)[LabelsMax];
    private int _labelCount;
    private int _answerCount;
    private int _lettered;
    private byte _letter;
    private int _bullets;
    private int _sinceChoices;
    private int _rules;
    private bool _isOpen;
    private bool _hasHead;
    private uint _traits;

    /// <summary>Reads the layout of a text.</summary>
    public uint Read(ReadOnlySpan<byte> text)
    {
        (_labelCount, _answerCount, _lettered, _letter, _bullets, _sinceChoices, _rules, _isOpen, _hasHead, _traits) = (0, 0, 0, 0, 0, int.MaxValue, 0, false, false, 0);
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).Trim(" \t\r"u8);
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.IsEmpty)
            {
                ReadLine(line);
            }
        }

        Mark(_isOpen, Trait.OpenEnd);
        Mark(_rules >= 4, Trait.NumberedRules);
        Mark(Repeated(_labels.AsSpan(0, _labelCount)) >= 2, Trait.Exemplars);
        Mark(CountOf(Instruction) >= 2 && Repeated(_labels.AsSpan(0, _labelCount)) >= 2, Trait.InstructionShots);
        Mark(_answerCount >= 1, Trait.AnswerBlock);
        Mark(_answerCount >= 2, Trait.AnswerBlocks);
        return _traits;
    }

    private static int Repeated(ReadOnlySpan<(ulong Hash, int Count)> labels)
    {
        var repeated = 0;
        foreach (var (_, count) in labels)
        {
            repeated += count >= 2 ? 1 : 0;
        }

        return repeated;
    }

    private static HashSet<ulong> Hashes(params string[] words) => [.. words.Select(WordReader.Hash)];

    private int CountOf(ulong label)
    {
        var count = 0;
        foreach (var (hash, times) in _labels.AsSpan(0, _labelCount))
        {
            count += hash == label ? times : 0;
        }

        return count;
    }

    private void Mark(bool isSo, Trait trait) => _traits |= isSo ? Traits.Bit(trait) : 0;

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        _sinceChoices = _sinceChoices == int.MaxValue ? _sinceChoices : _sinceChoices + 1;
        ReadChoice(line);
        ReadCode(line);
        _rules += char.IsAsciiDigit((char)line[0]) && line.IndexOfAny(". )"u8) is 1 or 2 ? 1 : 0;
        _isOpen = IsOpen(line);
        if (!TryLabel(line, out var label, out var rest))
        {
            return;
        }

        _words.Clear();
        WordReader.Read(label, _words);
        _isOpen = rest.IsEmpty;
        if (_words.Count is 0 or > 6)
        {
            return;
        }

        var (isExam, isAnswer, isPaired, whole) = (false, false, false, 17UL);
        foreach (var word in _words.Hashes)
        {
            isExam |= ExamWords.Contains(word);
            isAnswer |= AnswerWords.Contains(word);
            isPaired |= PairWords.Contains(word);
            _sinceChoices = ChoiceWords.Contains(word) ? 0 : _sinceChoices;
            whole = WordReader.Mix(whole ^ word);
            if (word == End)
            {
                return;
            }
        }

        // "Answer 1" and "Answer 2" are one label that comes twice.
        var last = _words.Hashes[^1];
        var plain = _words.Count > 1 && PairWords.Contains(last) ? _words.Hashes[^2] : last;
        if (isExam)
        {
            Count(_labels, ref _labelCount, plain);
        }

        // "Answer:" alone at the end is where the model goes on.
        if (isAnswer && (isPaired || _words.Count > 1 || !rest.IsEmpty || label[0] is (byte)'[' or (byte)'#' or (byte)'<'))
        {
            Count(_answers, ref _answerCount, whole);
        }
    }

    private static void Count(Span<(ulong Hash, int Count)> counts, ref int used, ulong hash)
    {
        for (var at = 0; at < used; at++)
        {
            if (counts[at].Hash == hash)
            {
                counts[at].Count++;
                return;
            }
        }

        if (used < counts.Length)
        {
            counts[used++] = (hash, 1);
        }
    }

    // "Label: rest", "[Label] rest", "### Label", "<label>rest"; the label keeps its mark in front.
    private static bool TryLabel(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> label, out ReadOnlySpan<byte> rest)
    {
        label = default;
        rest = default;
        var close = line[0] switch
        {
            (byte)'[' => line.IndexOf((byte)']'),
            (byte)'<' => line.IndexOf((byte)'>'),
            (byte)'#' => line.IndexOf((byte)':') is var colon && colon < 0 ? line.Length : colon,
            _ => line.IndexOf((byte)':'),
        };
        if (close is <= 0 or > LabelBytesMax)
        {
            return false;
        }

        label = line[..close];
        rest = close == line.Length ? default : line[(close + 1)..].Trim(" :*\t"u8);
        return true;
    }

    // "9." or "Example 4": the next one of a list.
    private bool IsOpen(ReadOnlySpan<byte> line)
    {
        if (line.Length > 16)
        {
            return false;
        }

        _words.Clear();
        WordReader.Read(line, _words);
        return (_words.Count == 1 && char.IsAsciiDigit((char)line[0])) || (_words.Count == 2 && ExamWords.Contains(_words.Hashes[0]) && char.IsAsciiDigit((char)line[^1]));
    }

    private void ReadCode(ReadOnlySpan<byte> line)
    {
        var isHead = line.StartsWith("def "u8) || line.StartsWith("function "u8) || line.StartsWith("public static "u8) || line.StartsWith("fn "u8) || line.StartsWith("func "u8);
        _hasHead |= isHead;
        Mark(isHead || line.StartsWith("import "u8) || line.StartsWith("class "u8) || line.StartsWith("```"u8) || line.EndsWith("{"u8) || line.EndsWith(";"u8), Trait.Code);
        Mark(_hasHead && !isHead && (line.StartsWith("\"\"\""u8) || line.StartsWith("'''"u8) || line.StartsWith(">>>"u8) || line.StartsWith("/**"u8) || line.StartsWith("// "u8)), Trait.CodeStub);
    }

    private void ReadChoice(ReadOnlySpan<byte> line)
    {
        var at = line[0] is (byte)'-' or (byte)'*' ? 1 : 0;
        _bullets = at == 1 ? _bullets + 1 : 0;
        while (at < line.Length && line[at] is (byte)' ' or (byte)'(' or (byte)'[')
        {
            at++;
        }

        if (at + 1 < line.Length && (line[at] | 0x20) is >= (byte)'a' and <= (byte)'h' && line[at + 1] is (byte)')' or (byte)'.' or (byte)':' or (byte)']')
        {
            var letter = (byte)(line[at] | 0x20);
            _lettered = letter == 'a' ? 1 : letter == _letter + 1 ? _lettered + 1 : 0;
            _letter = letter;
        }

        Mark(_lettered >= 3 || (_bullets >= 2 && _sinceChoices <= _bullets + 1), Trait.Choices);
        Mark(line.IndexOf("(A)"u8) >= 0 && line.IndexOf("(B)"u8) > 0, Trait.Choices);
    }
}
